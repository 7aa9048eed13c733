"""Task cards: a task as a small file that says what is asked, in which words, and how the answer is compared.

A card is a TOML file. `templates` are over the fields of a record (`{text}`; literal braces doubled); `schema` is the JSON
schema that a right answer fits; `metric` compares (a name in `kit.answers.METRICS`). `part` is "train" or "held-out": a held-out
card shares no task with a train card, not only no record. Provenance: `contributor`, `source`. Source of the fields: SciRIFF
(arXiv 2406.07835).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from random import Random

import msgspec

from dutiful.core.errors import SpecError, UnknownPart
from dutiful.core.records import Json, Record
from dutiful.kit.answers import METRICS
from dutiful.kit.dialogue import Said

TYPES = (
    "classification",
    "claim verification",
    "entity recognition",
    "list question",
    "question answering",
    "relation extraction",
    "summarisation",
    "table extraction",
)
OUTPUTS = ("label", "sentence", "paragraph", "list", "json", "jsonlines", "ranking")
FIELDS = {"type": TYPES, "output": OUTPUTS, "part": ("train", "held-out"), "metric": (*METRICS,)}
"""What the fields of a card may say."""


class TaskCard(Record, frozen=True):
    """One task. `type` is one of TYPES, `output` one of OUTPUTS; `schema` is JSON text in the file."""

    name: str
    part: str
    type: str
    domains: tuple[str, ...]
    source: str
    input: str
    output: str
    contributor: str
    metric: str
    schema: str
    templates: tuple[str, ...]

    def fill(self, fields: Mapping[str, str], gold: object, context: str, random: Random) -> Said:
        """The turn that asks it of one record, in one of the wordings; raises SpecError for a field that the record lacks."""
        try:
            text = random.choice(self.templates).strip().format(**fields)
        except (KeyError, IndexError) as missing:
            raise SpecError(f"the card {self.name!r} wants the field {missing}, the record has {sorted(fields)}") from missing
        answer = msgspec.json.encode(gold).decode()
        tags: Json = {"card": self.name, "part": self.part, "type": self.type, "output": self.output}
        return Said(text, context, reference=(answer,), metric=self.metric, gold=answer, tags=tags)


def load(folder: Path) -> dict[str, TaskCard]:
    """The cards of a folder by name; raises SpecError that names the file and what is wrong in it."""
    cards: dict[str, TaskCard] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            card = msgspec.convert(tomllib.loads(file.read_text()), TaskCard)
            msgspec.json.decode(card.schema)
        except (tomllib.TOMLDecodeError, msgspec.DecodeError, msgspec.ValidationError) as error:
            raise SpecError(f"the task card {file.name} cannot be read: {error}") from error
        for field, known in FIELDS.items():
            if getattr(card, field) not in known:
                raise UnknownPart(f"{field} (of the task card {file.name})", getattr(card, field), known)
        if not card.templates:
            raise SpecError(f"the task card {file.name} has no template, expected at least one wording of the task")
        cards[card.name] = card
    return cards
