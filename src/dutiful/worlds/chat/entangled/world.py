"""Instructions that come in different turns, change each other, and conflict. Source: MultiTurnInstruct, arXiv 2503.13222.

Nine kinds in three levels. The dialogues are our own: drawn from pools of words that no two splits share, and worked out by
code. Only turns with a reference are scored; small sums stand between, which need nothing said before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat.entangled import conflicts, retrieve, track
from dutiful.worlds.chat.entangled.drawing import Draw
from dutiful.worlds.chat.laid import check_split

LEVELS: dict[str, dict[str, Callable[[Draw], list[Said]]]] = {
    "retrieve": {"memorization": retrieve.memorization, "labels": retrieve.labels, "items": retrieve.items},
    "track": {"triggers": track.triggers, "multitask": track.multitask, "recursive": track.recursive},
    "conflicts": {"privacy": conflicts.privacy, "personal": conflicts.personal, "priority": conflicts.priority},
}
"""The nine kinds by level."""
KINDS = {name: (level, make) for level, kinds in LEVELS.items() for name, make in kinds.items()}
COUNT = 3_600


class Entangled(Conversation):
    """Dialogues of 6 to 10 turns. task: one of the nine kinds, or "all", then they take turns.

    memorization: a note word for word (BLEU). labels, items: a rule, or the things it is about, change on the way (IoU).
    triggers: a word whenever something is mentioned (contains). multitask: two jobs in turns (F1, IoU). recursive: what is
    defined through what was defined before (exact after "Answer:"). privacy: what must not be told (must not be contained),
    and a twin that may be. personal: a dish that fits an allergy (exact). priority: whose wish counts (contains, and no other).
    How much of the history the model sees is the agent's memory: `full`, `window?k=2`, `gold`.
    """

    card = Card(
        kind="world",
        name="chat/entangled",
        summary="instructions over many turns that change, build on and contradict each other, in nine kinds",
        system="058",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        source="arXiv 2503.13222",
    )

    def __init__(self, task: str = "all"):
        super().__init__()
        if task != "all" and task not in KINDS:
            raise SpecError(f"chat/entangled: task={task!r}; expected all or one of {', '.join(KINDS)}")
        self.task = task

    def tasks(self, split: str = "test") -> Lazy:
        check_split(self.card.name, split)
        return Lazy(functools.partial(self._task, split), range(COUNT))

    def _task(self, split: str, number: int) -> Task:
        kinds = list(KINDS) if self.task == "all" else [self.task]
        place, which = divmod(number, len(kinds))
        kind = kinds[which]
        level, make = KINDS[kind]
        dialogue = Dialogue(tuple(make(Draw(kind, split, place))), {"task": kind, "level": level})
        return dialogue.task(f"entangled/{split}/{kind}/{place}", self.spec, split, number)
