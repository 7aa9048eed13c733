"""The expert of those MiniGrid levels that BabyAI's bot does not know: a breadth-first search with the whole grid in view.

    state: (x, y, heading, thing in hand, doors opened, places emptied)        moves: the level's own six actions

The plan is kept while it is followed, and made anew when it is not, or when the world moves by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from dutiful.core.errors import WorldFailure
from dutiful.worlds.grid.view import DONE, DROP, FORWARD, LEFT, PICK_UP, RIGHT, TOGGLE

STATES = 400_000
"""What one plan may cost; the largest level takes a third of it."""
_AHEAD = ((1, 0), (0, 1), (-1, 0), (0, -1))


class _State(NamedTuple):
    x: int
    y: int
    heading: int
    held: Any
    opened: frozenset[tuple[int, int]]
    emptied: frozenset[tuple[int, int]]


class Planner:
    """Advice at any state of an episode; the same interface as the bot's `Oracle`."""

    def __init__(self, env: Any):
        self.env, self.level = env, type(env).__name__
        self.plan: list[int] = []

    def advise(self, taken: list[int]) -> int:
        """The next action, given those taken since the last advice; raises WorldFailure where no way is left."""
        if self.plan and taken == self.plan[:1] and self.level != "DynamicObstaclesEnv":
            self.plan = self.plan[1:]
        else:
            self.plan = []
        if not self.plan:
            self.plan = self._search()
        return self.plan[0]

    def _search(self) -> list[int]:
        x, y = self.env.agent_pos
        start = _State(int(x), int(y), int(self.env.agent_dir), self.env.carrying, frozenset(), frozenset())
        came: dict[_State, tuple[_State, int] | None] = {start: None}
        queue = deque([start])
        while queue and len(came) < STATES:
            state = queue.popleft()
            for action, after in self._moves(state):
                if after is None:
                    return self._path(came, state, action)
                if after not in came:
                    came[after] = (state, action)
                    queue.append(after)
        if self.level == "DynamicObstaclesEnv":
            return [LEFT]  # the way is blocked for now
        raise WorldFailure(f"grid: no way is left to {self.env.mission!r}, or none among {STATES:,} states")

    @staticmethod
    def _path(came: dict[_State, tuple[_State, int] | None], state: _State, last: int) -> list[int]:
        path = [last]
        while step := came[state]:
            state, action = step
            path.append(action)
        return path[::-1]

    def _moves(self, s: _State) -> Iterator[tuple[int, _State | None]]:
        """The actions that lead somewhere; None is the end that is wanted."""
        dx, dy = _AHEAD[s.heading]
        spot = (s.x + dx, s.y + dy)
        thing = None if spot in s.emptied else self.env.grid.get(*spot)
        if self.level in {"GoToDoorEnv", "GoToObjectEnv"} and self._beside(s, self.env.target_pos):
            yield DONE, None
        if thing is None or thing.can_overlap() or spot in s.opened:
            if (thing is not None and thing.type == "goal") or spot == getattr(self.env, "success_pos", None):
                yield FORWARD, None
            elif (thing is None or thing.type != "lava") and spot != getattr(self.env, "failure_pos", None):
                yield FORWARD, s._replace(x=spot[0], y=spot[1])
        yield LEFT, s._replace(heading=(s.heading - 1) % 4)
        yield RIGHT, s._replace(heading=(s.heading + 1) % 4)
        if thing is not None and thing.type == "door" and not thing.is_open and spot not in s.opened:
            fits = s.held is not None and s.held.type == "key" and s.held.color == thing.color
            if self.level not in {"GoToDoorEnv", "GoToObjectEnv"} and (fits or not thing.is_locked):
                yield from self._open(s, spot, thing)
        if thing is not None and s.held is None and self._wanted(thing, spot):
            fetched = self.level == "FetchEnv"
            yield PICK_UP, None if fetched else s._replace(held=thing, emptied=s.emptied | {spot})
        if thing is None and s.held is not None and self.level == "PutNearEnv":
            tx, ty = self.env.target_pos
            if abs(spot[0] - tx) <= 1 and abs(spot[1] - ty) <= 1:
                yield DROP, None

    def _open(self, s: _State, spot: tuple[int, int], door: Any) -> Iterator[tuple[int, _State | None]]:
        if self.level == "RedBlueDoorEnv":
            red = self.env.red_door
            if door is red:
                yield TOGGLE, s._replace(opened=s.opened | {spot})
            elif red.is_open or s.opened:
                yield TOGGLE, None
        else:
            yield TOGGLE, s._replace(opened=s.opened | {spot})

    def _wanted(self, thing: Any, spot: tuple[int, int]) -> bool:
        """What is worth taking: what the level asks for, and nothing where taking the wrong thing ends it; keys elsewhere."""
        if self.level == "FetchEnv":
            return thing.type == self.env.targetType and thing.color == self.env.targetColor
        if self.level == "PutNearEnv":
            return spot == tuple(self.env.move_pos)
        return thing.type == "key" and self.level not in {"GoToDoorEnv", "GoToObjectEnv", "MemoryEnv"}

    @staticmethod
    def _beside(s: _State, spot: tuple[int, int]) -> bool:
        return abs(s.x - spot[0]) + abs(s.y - spot[1]) == 1
