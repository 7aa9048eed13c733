"""What a task asks for, in the form that `Task.setup` keeps."""

from __future__ import annotations

from typing import NamedTuple

from dutiful.core.records import Json
from dutiful.worlds.text.home.catalogue import PLACES, STATES, THINGS


class Goal(NamedTuple):
    """`kind` is one of KINDS. `place` is a kind of place, or of lamp ("" for any lamp); empty `colour` and `room` mean any."""

    kind: str
    thing: str
    colour: str
    place: str
    room: str = ""

    @property
    def amount(self) -> int:
        return 2 if self.kind == "two" else 1

    @property
    def state(self) -> str:
        """ "clean", "hot", "cold" or nothing."""
        return STATES.get(self.kind, "")

    @property
    def name(self) -> str:
        """The thing in words: "red mug"."""
        return f"{self.colour} {self.thing}".strip()

    @property
    def names(self) -> str:
        """The things in words: "red mugs"."""
        return f"{self.colour} {THINGS[self.thing].plural}".strip()

    @property
    def where(self) -> str:
        """The place in words: "cabinet of the kitchen", "desk lamp"."""
        return (self.place or "lamp") + (f" of the {self.room}" if self.room else "")

    @property
    def preposition(self) -> str:
        return PLACES[self.place].preposition if self.place in PLACES else "under"

    def wants(self, kind: str, colour: str) -> bool:
        """Whether a thing of this kind and colour is meant."""
        return kind == self.thing and self.colour in {"", colour}

    def json(self) -> Json:
        return self._asdict()

    @classmethod
    def of(cls, setup: Json) -> Goal:
        return cls(**setup["goal"])
