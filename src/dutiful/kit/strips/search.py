"""Planning: breadth-first, A* and greedy best-first, over one engine.

    breadth   shortest plan; among the shortest, the first in the order of action numbers
    astar     f = g + h; shortest with h_max, which never overestimates
    greedy    f = h; finds long plans soon, not the shortest

    h_max(p) = 0 if p holds, else min over actions a that add p of 1 + max over q in pre(a) of h_max(q)
    h_add    likewise with a sum; h_ff counts the actions of the relaxed plan that h_add's choices make

Source of h_max and h_add: Bonet and Geffner 2001, Planning as heuristic search; of h_ff: Hoffmann and Nebel 2001 (FF).
Heuristics leave negative preconditions and deletes out.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from dutiful.core.errors import DutifulError, SpecError
from dutiful.kit.strips.ground import Goal, GroundTask

Plan = tuple[int, ...]
_FAR = 1 << 30


class SearchLimit(DutifulError):
    """The search looked at as many states as it was allowed to, and knows neither a plan nor that there is none."""

    def __init__(self, limit: int):
        super().__init__(f"no plan within {limit} states, and more are left: raise `limit`, or try method='greedy'")
        self.limit = limit


def search(
    task: GroundTask,
    start: int,
    goals: Sequence[Goal],
    method: str = "breadth",
    heuristic: str = "",
    actions: Iterable[int] | None = None,
    limit: int = 200_000,
) -> Plan | None:
    """A plan to any of the goals, as action numbers; None when there is none; raises SearchLimit after `limit` states.

    `heuristic` is "max", "add" or "ff" (default: "max" for astar, "ff" for greedy). `actions` restricts the search to
    some actions; it stays complete for those.
    """
    allowed = None if actions is None else sorted(set(actions))
    if not goals:
        return None
    if method == "breadth":
        return _breadth(task, start, goals, allowed, limit)
    if method not in {"astar", "greedy"}:
        raise SpecError(f"search method {method!r}: expected breadth, astar or greedy")
    heuristic = heuristic or ("max" if method == "astar" else "ff")
    if heuristic not in {"max", "add", "ff"}:
        raise SpecError(f"search heuristic {heuristic!r}: expected max, add or ff")
    relaxed = Relaxed(task, goals, heuristic, allowed)
    return _best(task, start, goals, relaxed.estimate, 1 if method == "astar" else 0, allowed, limit)


def _successors(task: GroundTask, allowed: list[int] | None) -> Callable[[int], list[tuple[int, int]]]:
    """A function from a state to (action number, next state), in the order of numbers."""
    if allowed is None:
        return lambda state: [(number, task.apply(state, number)) for number in task.applicable(state)]
    rows = [(number, *task.actions[number][2:]) for number in allowed]

    def expand(state: int) -> list[tuple[int, int]]:
        return [
            (number, state & ~delete | add) for number, pre, neg, add, delete in rows if state & pre == pre and not state & neg
        ]

    return expand


def _met(state: int, goals: Sequence[Goal]) -> bool:
    return any(state & goal.positive == goal.positive and not state & goal.negative for goal in goals)


def _path(came: dict[int, tuple[int, int]], state: int) -> Plan:
    plan: list[int] = []
    while came[state][0] != -1:
        state, number = came[state]
        plan.append(number)
    return tuple(reversed(plan))


def _breadth(task: GroundTask, start: int, goals: Sequence[Goal], allowed: list[int] | None, limit: int) -> Plan | None:
    if _met(start, goals):
        return ()
    expand = _successors(task, allowed)
    came: dict[int, tuple[int, int]] = {start: (-1, -1)}
    queue = deque([start])
    while queue:
        state = queue.popleft()
        for number, after in expand(state):
            if after in came:
                continue
            came[after] = (state, number)
            if _met(after, goals):
                return _path(came, after)
            if len(came) > limit:
                raise SearchLimit(limit)
            queue.append(after)
    return None


def _best(
    task: GroundTask,
    start: int,
    goals: Sequence[Goal],
    estimate: Callable[[int], int],
    weight: int,
    allowed: list[int] | None,
    limit: int,
) -> Plan | None:
    """Best-first with f = weight * g + h; ties go to the smaller h, then to the older node."""
    expand = _successors(task, allowed)
    came: dict[int, tuple[int, int]] = {start: (-1, -1)}
    cost = {start: 0}
    first = estimate(start)
    if first >= _FAR:
        return None
    guess = {start: first}
    heap = [(first, first, 0, start, 0)]
    made = 0
    while heap:
        _, _, _, state, far = heapq.heappop(heap)
        if far > cost[state]:
            continue
        if _met(state, goals):
            return _path(came, state)
        for number, after in expand(state):
            if after in cost and (not weight or cost[after] <= far + 1):
                continue
            if after not in guess:
                guess[after] = estimate(after)
            cost[after], came[after] = far + 1, (state, number)
            if guess[after] >= _FAR:
                continue
            if len(cost) > limit:
                raise SearchLimit(limit)
            made += 1
            heapq.heappush(heap, (weight * (far + 1) + guess[after], guess[after], made, after, far + 1))
    return None


class Relaxed:
    """The heuristics: costs of atoms when nothing is ever deleted."""

    def __init__(self, task: GroundTask, goals: Sequence[Goal], heuristic: str, allowed: Iterable[int] | None = None):
        self.heuristic = heuristic
        self.goals = [_ones(goal.positive) for goal in goals]
        numbers = range(len(task.actions)) if allowed is None else allowed
        self.rows = [(_ones(task.actions[n].pre), _ones(task.actions[n].add)) for n in numbers]
        self.users: dict[int, list[int]] = {}
        for row, (pre, _) in enumerate(self.rows):
            for bit in pre:
                self.users.setdefault(bit, []).append(row)
        self.free = [row for row, (pre, _) in enumerate(self.rows) if not pre]

    def estimate(self, state: int) -> int:
        """The estimated number of actions to the nearest goal; a very large number when even the relaxation fails."""
        cost, chosen = self._costs(state)
        if self.heuristic == "ff":
            return min((self._relaxed_plan(goal, cost, chosen) for goal in self.goals), default=_FAR)
        join = max if self.heuristic == "max" else sum
        return min((min(join([cost.get(bit, _FAR) for bit in goal] or [0]), _FAR) for goal in self.goals), default=_FAR)

    def _costs(self, state: int) -> tuple[dict[int, int], dict[int, int]]:
        """Cheapest-first, as Dijkstra: an action's cost is final once its last precondition is."""
        largest = self.heuristic == "max"
        cost: dict[int, int] = {}
        chosen: dict[int, int] = {}
        best = dict.fromkeys(_ones(state), 0)
        heap = [(0, bit) for bit in best]
        waiting = [len(pre) for pre, _ in self.rows]
        total = [0] * len(self.rows)

        def fire(row: int) -> None:
            price = total[row] + 1
            for bit in self.rows[row][1]:
                if price < best.get(bit, _FAR):
                    best[bit], chosen[bit] = price, row
                    heapq.heappush(heap, (price, bit))

        for row in self.free:
            fire(row)
        while heap:
            price, bit = heapq.heappop(heap)
            if bit in cost:
                continue
            cost[bit] = price
            for row in self.users.get(bit, ()):
                waiting[row] -= 1
                total[row] = max(total[row], price) if largest else total[row] + price
                if not waiting[row]:
                    fire(row)
        return cost, chosen

    def _relaxed_plan(self, goal: list[int], cost: dict[int, int], chosen: dict[int, int]) -> int:
        if any(bit not in cost for bit in goal):
            return _FAR
        wanted, seen, rows = list(goal), set(goal), set[int]()
        while wanted:
            row = chosen.get(wanted.pop())
            if row is None or row in rows:
                continue
            rows.add(row)
            fresh = [bit for bit in self.rows[row][0] if bit not in seen]
            seen.update(fresh)
            wanted += fresh
        return len(rows)


def _ones(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def validate(task: GroundTask, start: int, plan: Iterable[int], goals: Sequence[Goal]) -> bool:
    """Whether a plan can be carried out step by step and ends in a goal."""
    state = start
    for number in plan:
        if not task.can(state, number):
            return False
        state = task.apply(state, number)
    return _met(state, goals)
