"""What the writer writes about. The subjects, the sentences and the questions stand in `topics.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec


class Topic(msgspec.Struct, frozen=True):
    """subject: as it stands in a question. sentences: in English. chinese: the same subject in simplified Chinese.

    Sentences stand in any order and number.
    """

    split: str
    subject: str
    sentences: tuple[str, ...]
    chinese: tuple[str, ...]


_known = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

ASKING = msgspec.convert(_known["asking"], dict[str, tuple[str, ...]])
"""Questions by split."""
TOPICS = msgspec.convert(_known["topics"], dict[str, Topic])
"""Topics by name."""
