"""The expert: BabyAI's bot, bounded, put right after arbitrary actions.

The bot keeps a stack of subgoals and a map of what it has seen. It advises through `replan(action taken)`, one call for each
step. Where its advice was not taken, steps went by unasked, or its plan no longer fits, a fresh bot that knows what the last
one saw plans for what is left of the instruction. (BabyAI's own would first undo what it had not advised: shut a door that
somebody opened, put back what somebody took. A learner that looks at the state alone cannot make sense of that.)
Imports minigrid; nothing but `Grid` imports this module, and only when an expert is asked for.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from minigrid.utils.baby_ai_bot import BabyAIBot, DropSubgoal, GoNextToSubgoal, Subgoal

from dutiful.core.errors import WorldFailure
from dutiful.worlds.grid.progress import leaves
from dutiful.worlds.grid.view import DONE, look

SUBGOALS, CELLS = 300, 200_000
"""What one piece of advice may cost: subgoals planned, and cells searched. The hardest levels take a tenth of it."""


_DESCRIPTIONS = ("desc", "desc_move", "desc_fixed")


class Lost(Exception):
    """The bot goes round in circles."""


class Plan(list):
    """The bot's stack. Every round of its planning loop that does not end in an action pushes or pops: pushes are counted."""

    pushed = 0

    def append(self, item: Any) -> None:
        self.pushed += 1
        if self.pushed > SUBGOALS:
            raise Lost(f"more than {SUBGOALS} subgoals for one action")
        super().append(item)


class Bot(BabyAIBot):
    """BabyAI's bot with a bounded plan, a faster search and a faster look around; its advice is the same."""

    def __init__(self, env: Any):
        self.searched = 0
        super().__init__(env)
        self.stack = Plan(self.stack)

    def replan(self, action_taken: int | None = None) -> int:
        self.searched = self.stack.pushed = 0
        return int(super().replan(action_taken))  # type: ignore[arg-type]

    def _process_obs(self) -> None:
        for place in look(self.mission)[1]:
            self.vis_mask[place] = True

    def _check_erroneous_box_opening(self, action: int | None) -> None:
        """BabyAI's gives up once any box was opened; what is left may do, and if not, planning says so."""

    def _breadth_first_search(self, initial_states: Any, accept_fn: Any, ignore_blockers: bool):
        cells, width = self.mission.grid.grid, self.mission.grid.width
        seen: Any = self.vis_mask
        came: dict[tuple[int, int], tuple[int, int] | None] = {}
        queue: deque[Any] = deque((int(i), int(j), int(di), int(dj), None) for i, j, di, dj in initial_states)
        while queue:
            i, j, di, dj, before = queue.popleft()
            place = (i, j)
            if place in came:
                continue
            cell, came[place] = cells[j * width + i], before
            if accept_fn(place, cell):
                self.searched += len(came)
                path: list[tuple[int, int]] = []
                back: tuple[int, int] | None = place
                while back:
                    path.append(back)
                    back = came[back]
                return path, place, came
            if not seen[place]:
                continue
            if cell is not None:
                if cell.type == "wall" or (cell.type == "door" and not cell.is_open):
                    continue
                if cell.type != "door" and not ignore_blockers:
                    continue
            for di_, dj_ in ((di, dj), (dj, di), (-dj, -di), (-di, -dj)):
                queue.append((i + di_, j + dj_, di_, dj_, place))
        self.searched += len(came)
        if self.searched > CELLS:
            raise Lost(f"more than {CELLS} cells searched for one action")
        return None, None, came


class OpenBox(Subgoal):
    """Opens the box ahead; what is in it may be what the bot was looking for, so it begins to plan anew."""

    def replan_before_action(self) -> Any:
        return self.actions.toggle

    def replan_after_action(self, action_taken: int | None) -> None:
        raise Lost("a box was opened")


class Oracle:
    """Advice at any state of an episode."""

    def __init__(self, env: Any):
        self.env = env
        self.bot: Bot | None = None
        self.advised: int | None = None

    def advise(self, taken: list[int]) -> int:
        """The next action, given those taken since the last advice; raises WorldFailure where the bot knows no way."""
        why: Exception | None = None
        for plan in (self._on, self._fresh, self._unbox):
            if plan == self._on and (self.bot is None or taken != [self.advised]):
                continue
            try:
                self.advised = plan().replan(self.advised if plan == self._on else None)
                if self.advised != DONE:
                    return self.advised
            except Exception as error:  # the bot asserts, indexes and divides as it goes
                why = why or error
        reason = f"{type(why).__name__}: {why}" if why else "it takes the instruction for done"
        raise WorldFailure(f"grid: the bot knows no way on in {self.env.mission!r} ({reason})") from why

    def _on(self) -> Bot:
        assert self.bot is not None
        return self.bot

    def _fresh(self) -> Bot:
        """A bot for what is left to do, which knows what the last one has seen."""
        env, seen = self.env, self.bot.vis_mask if self.bot else None
        bot = self.bot = Bot(env)
        if seen is not None:
            bot.vis_mask |= seen
        bot._process_obs()
        if env.step_count == 0 and env.carrying is None:
            return bot
        bot.stack = Plan()
        left = [leaf for leaf, done in leaves(env.instrs) if not done]
        for leaf in reversed(left):
            bot._process_instr(leaf)
        if env.carrying is not None and left and not self._useful(left[0]):
            spot = bot._find_drop_pos()
            bot.stack.append(DropSubgoal(bot))
            bot.stack.append(GoNextToSubgoal(bot, spot))
        return bot

    def _unbox(self) -> Bot:
        """A bot that opens a box in sight that is no part of the instruction: keys are hidden in them."""
        bot = self._fresh()
        parts = [getattr(leaf, side) for leaf, _ in leaves(self.env.instrs) for side in _DESCRIPTIONS if hasattr(leaf, side)]
        named = [thing for part in parts for thing in part.obj_set]
        grid = self.env.grid
        for x, y in zip(*bot.vis_mask.nonzero(), strict=True):
            thing = grid.get(int(x), int(y))
            if thing is not None and thing.type == "box" and not any(thing is other for other in named):
                bot.stack = Plan([OpenBox(bot), GoNextToSubgoal(bot, (int(x), int(y)))])
                return bot
        raise Lost("there is no box to open either")

    def _useful(self, leaf: Any) -> bool:
        """Whether what is in hand serves the next part; if it is the thing to be put somewhere, fetching it falls away."""
        held, stack = self.env.carrying, self.bot.stack  # type: ignore[union-attr]
        if hasattr(leaf, "desc_move"):
            if any(held is thing for thing in leaf.desc_move.obj_set):
                del stack[-2:]
                return True
            return False
        kind = type(leaf).__name__
        return kind == "GoToInstr" or (kind == "OpenInstr" and held.type == "key")
