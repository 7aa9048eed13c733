"""Edits: the user fills forms and changes their mind; what counts is what stands in the end, and what is said on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.kit.tasks import Lazy
from dutiful.worlds.chat.laid import check_split, share

NOTHING = "nothing"
"""The value of a slot that was dropped, or taken back to before it was filled."""

FORMS: dict[str, tuple[str, ...]] = {
    "trip": ("city", "second city", "hotel", "guide"),
    "party": ("city", "second city", "music", "cook"),
    "course": ("room", "spare room", "teacher", "book"),
    "office": ("room", "spare room", "plant", "painter"),
}
"""Forms and their slots. Two forms share names of slots, so that an edit must find the right one."""

POOL = (  # noqa: SIM905
    "Aalborg Bergen Cardiff Dresden Evora Faro Ghent Havana Izmir Jaipur Kyoto Lagos Malmo Nantes Odessa Pisa Quebec Rouen Seville "  # noqa: E501
    "Tartu Utrecht Varna Warsaw Xiamen York Zagreb Alma Boris Celia Dario Elsa Felix Greta Hannes Ines Jonas Karla Leon Mira Nils "  # noqa: E501
    "Olga Pavel Quinn Rosa Simon Tilda Ulrich Vera Wim Yara amber bronze copper denim emerald fuchsia garnet hazel indigo jade khaki "  # noqa: E501
    "lilac maroon navy ochre plum ruby scarlet topaz umber vanilla walnut blues waltz tango polka swing samba rumba gospel chorale"  # noqa: E501
).split()
"""Values; each split has its own share."""

WORDINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "set": {"train": ("For the {form}, the {slot} is {value}.",), "test": ("Put down {value} as the {slot} of the {form}.",)},
    "change": {
        "train": ("Actually, make the {slot} of the {form} {value}.",),
        "test": ("No, the {slot} of the {form} should be {value} instead.",),
    },
    "undo": {
        "train": ("Take the {slot} of the {form} back to what it was before.",),
        "test": ("Go back on that: the {slot} of the {form} as it was before.",),
    },
    "same": {
        "train": ("The {slot} of the {form} is always the same as its {other}.",),
        "test": ("Keep the {slot} of the {form} equal to its {other}.",),
    },
    "swap": {
        "train": ("Swap the {slot} and the {other} of the {form}.",),
        "test": ("In the {form}, exchange the {slot} and the {other}.",),
    },
    "keep": {
        "train": ("Of the {form}, keep the {slot} and the {other} and drop the rest.",),
        "test": ("Start the {form} again with only the {slot} and the {other}.",),
    },
    "ask": {"train": ("What is the {slot} of the {form} now?",), "test": ("Tell me the {slot} of the {form} as it stands.",)},
    "doubt": {
        "train": ("I thought the {slot} of the {form} was {value}?",),
        "test": ("Did I not say {value} for the {slot} of the {form}?",),
    },
}
"""How each move is worded, by split; validation has the words of train and values of its own."""

COUNT = {"train": 2000, "validation": 500, "test": 500}


class Edit(NamedTuple):
    """One move of the user. `move` is a key of WORDINGS."""

    move: str
    form: str
    slot: str
    value: str = ""
    other: str = ""


class Form:
    """The true state of a form: a stack of entries a slot, each a value or the slot whose value it always has."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[tuple[str, str]]] = {}

    def value(self, slot: str) -> str:
        """What stands in a slot, NOTHING where nothing does."""
        stack = self.stacks.get(slot)
        if not stack:
            return NOTHING
        kind, held = stack[-1]
        return self.value(held) if kind == "same" else held

    def leads_to(self, slot: str, other: str) -> bool:
        """Whether a slot takes its value from another one in the end, or could by taking an edit back."""
        held = [name for kind, name in self.stacks.get(slot, ()) if kind == "same"]
        return slot == other or any(self.leads_to(name, other) for name in held)

    def apply(self, edit: Edit) -> None:
        """Carries an edit out; questions change nothing."""
        stack = self.stacks.setdefault(edit.slot, [])
        match edit.move:
            case "set" | "change":
                stack.append(("is", edit.value))
            case "same":
                stack.append(("same", edit.other))
            case "undo" if stack:
                stack.pop()
            case "swap":
                mine, others = self.value(edit.slot), self.value(edit.other)
                stack.append(("is", others))
                self.stacks[edit.other].append(("is", mine))
            case "keep":
                self.stacks = {slot: held for slot, held in self.stacks.items() if slot in (edit.slot, edit.other)}
            case _:
                pass


class Edits(Conversation):
    """Dialogues of edits over several forms at once, then a question for every slot.

    The user sets, corrects, takes back, ties one slot to another, swaps two, starts a form again with some of its slots, and asks
    in between; a doubt ("I thought it was ...?") is a question and changes nothing. Only answers to questions are
    compared: exactly, with the value that stands then. The last questions, one a slot, are the final state; an episode passes
    when every answer is right. Splits have values of their own, and test has wordings of its own.

    forms, slots: how many, and how many each. turns: moves before the last questions, those that fill the slots included.
    """

    card = Card(
        kind="world",
        name="chat/edits",
        summary="forms are filled, corrected, tied, swapped and taken back in a dialogue; the state that stands is asked for",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        system="017",
        source="our own; the setting of arXiv 2505.19436",
    )

    def __init__(self, forms: int = 2, slots: int = 2, turns: int = 16, patience: int = 0):
        if not (1 <= forms <= len(FORMS) and 1 <= slots <= 4):
            raise SpecError(f"chat/edits: {forms} forms of {slots} slots, expected 1 to {len(FORMS)} forms of 1 to 4 slots")
        if turns < forms * slots:
            raise SpecError(f"chat/edits: turns is {turns}, expected at least {forms * slots}, one to fill each slot")
        super().__init__(patience)
        self.forms, self.slots, self.turns = forms, slots, turns

    def tasks(self, split: str = "test") -> Sequence[Task]:
        check_split(self.card.name, split)
        return Lazy(lambda number: self._task(split, number), range(COUNT[split]))

    def _task(self, split: str, number: int) -> Task:
        random = Random(f"edits/{split}/{number}/{self.forms}/{self.slots}/{self.turns}")
        edits = moves(random, share(POOL, split, "edits"), self.forms, self.slots, self.turns)
        said = tuple(_said(edit, answer, split, random, place >= self.turns) for place, (edit, answer) in enumerate(edits))
        tags = {"forms": self.forms, "slots": self.slots, "turns": self.turns}
        return Dialogue(said, tags).task(f"edits/{split}/{number}", self.spec, split, number)


def _said(edit: Edit, answer: str, split: str, random: Random, final: bool) -> Said:
    worded = WORDINGS[edit.move]["test" if split == "test" else "train"]
    text = random.choice(worded).format(**edit._asdict())
    if not answer:
        return Said(text, gold="Noted.", tags={"move": edit.move})
    tags = {"move": edit.move, "final": final}
    return Said(text, reference=(answer,), metric="exact", gold=answer, tags=tags)


def moves(random: Random, values: Sequence[str], forms: int, slots: int, turns: int) -> list[tuple[Edit, str]]:
    """The user's moves, each with the answer that it asks for ("" where it asks nothing)."""
    start = random.choice((0, 2)) if forms == 2 else 0
    names = list(FORMS)[start : start + forms]
    state = {name: Form() for name in names}
    places = [(name, slot) for name in names for slot in FORMS[name][:slots]]
    fresh = iter(random.sample(values, len(values)))
    found: list[tuple[Edit, str]] = []

    def say(edit: Edit) -> None:
        state[edit.form].apply(edit)
        found.append((edit, state[edit.form].value(edit.slot) if edit.move in ("ask", "doubt") else ""))

    for name, slot in random.sample(places, len(places)):
        say(Edit("set", name, slot, next(fresh)))
    while len(found) < turns:
        edit = _move(random, state, places, lambda: next(fresh, random.choice(values)), turns)
        if edit is not None:
            say(edit)
    for name, slot in random.sample(places, len(places)):
        say(Edit("ask", name, slot))
    return found


_CHANCES = {"change": 10, "undo": 5, "ask": 3, "doubt": 2, "same": 2, "swap": 2, "keep": 1}


def _move(random: Random, state: dict[str, Form], places: Sequence[tuple[str, str]], fresh, turns: int) -> Edit | None:  # noqa: PLR0911
    """A move that makes sense now, None where the one drawn does not."""
    name, slot = random.choice(places)
    form, kind = state[name], random.choices(list(_CHANCES), list(_CHANCES.values()))[0]
    others = [other for form_name, other in places if form_name == name and other != slot and form.value(other) != NOTHING]
    other = random.choice(others) if others else ""
    if kind == "change":
        return Edit("change" if form.value(slot) != NOTHING else "set", name, slot, fresh())
    if kind == "undo":
        return Edit("undo", name, slot) if len(form.stacks.get(slot, ())) > 1 else None
    if kind == "ask":
        return Edit("ask", name, slot)
    if kind == "doubt":
        earlier = [held for how, held in form.stacks.get(slot, ()) if how == "is"]
        return Edit("doubt", name, slot, random.choice(earlier)) if earlier else None
    if not other or form.value(slot) == NOTHING:
        return None
    if kind == "same":
        return None if form.leads_to(other, slot) else Edit("same", name, slot, other=other)
    if kind == "swap":
        tied = form.leads_to(other, slot) or form.leads_to(slot, other)
        return None if tied else Edit("swap", name, slot, other=other)
    kept = {slot, other}
    loose = any(how == "same" and held not in kept for each in kept for how, held in form.stacks[each])
    return None if loose or len(form.stacks) < 3 else Edit("keep", name, slot, other=other)


def parse(text: str) -> Edit | None:
    """The move that a text of the user makes, in any of the wordings."""
    slots = sorted({slot for each in FORMS.values() for slot in each}, key=len, reverse=True)
    holes = {"form": "|".join(FORMS), "slot": "|".join(slots), "other": "|".join(slots), "value": r"\w+"}
    for move, by_split in WORDINGS.items():
        for wording in (each for split in by_split.values() for each in split):
            pattern = re.sub(r"\\\{(\w+)\\\}", lambda hole: f"(?P<{hole[1]}>{holes[hole[1]]})", re.escape(wording))
            if found := re.search(pattern, text):
                return Edit(move, **found.groupdict())
    return None
