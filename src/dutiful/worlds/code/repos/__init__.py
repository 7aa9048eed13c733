"""What small repositories are made from: files with places for words, and instructions with solutions and hidden checks.

One TOML file a kind of repository. In all of its texts `@word@` stands for a word of `[values]`, `@Word@` for it with a capital,
`@WORD@` for all capitals; of each list of values the first half belongs to training, the next quarter to validation, the rest to
the test. `[files]` is the repository; a `[[task]]` has `kind`, `wordings` (the first half seen in training), `solution`,
`alternatives` (other solutions that mean the same) and `[[task.check]]`s: `code` as in `probes`, and the list that it shows.

A solution is a diff without line numbers: `### path`, then hunks with ` `, `-` and `+` lines, parted by `@@`. The old lines of a
hunk stand in the file exactly once; a hunk without any writes a new file.
"""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from dutiful.core.records import Json
from dutiful.worlds.code.probes import Probe

Words = Mapping[str, str]


class Swap(NamedTuple):
    """Lines of a file and what comes in their place."""

    path: str
    old: str
    new: str


class Edit(NamedTuple):
    """One instruction for a repository; the texts still have places for words."""

    kind: str
    wordings: tuple[str, ...]
    solutions: tuple[str, ...]
    """The first is the reference, the others mean the same."""
    checks: tuple[tuple[str, str, str], ...]
    """Name, code, and a Python list of what it shows."""

    def probes(self, words: Words) -> list[Probe]:
        """The hidden checks."""
        return [Probe(name, fill(code, words), tuple(ast.literal_eval(fill(shown, words)))) for name, code, shown in self.checks]


class Repo(NamedTuple):
    """A kind of repository."""

    name: str
    values: Mapping[str, Sequence[str]]
    files: Mapping[str, str]
    edits: tuple[Edit, ...]

    def draw(self, split: str, number: int) -> Json:
        """The words of variant `number` in a split; those of the first list take turns."""
        random = Random(f"code/repo {self.name} {split} {number}")
        words: Json = {}
        for key, pool in self.values.items():
            part = share(pool, split)
            words[key] = random.choice(part) if words else part[number % len(part)]
        return words

    def before(self, words: Words) -> dict[str, str]:
        """The files as they are found."""
        return {fill(path, words): fill(text, words) for path, text in self.files.items()}

    def after(self, edit: Edit, words: Words, which: int = 0) -> dict[str, str]:
        """The files as a solution leaves them; raises ValueError where it does not fit."""
        files = self.before(words)
        for path, old, new in swaps(fill(edit.solutions[which], words)):
            text = files.get(path, "")
            if text.count(old) != 1 and (old or text):
                raise ValueError(f"{self.name}, {edit.kind}, solution {which}: {old!r} stands {text.count(old)} times in {path}")
            files[path] = text.replace(old, new) if old else new
        return files


def names() -> list[str]:
    """The kinds of repositories there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))


@functools.cache
def load(name: str) -> Repo:
    """A kind of repository by name."""
    raw = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text())
    edits = [
        Edit(
            task["kind"],
            tuple(task["wordings"]),
            (task["solution"], *task["alternatives"]),
            tuple((check["name"], check["code"], check["shows"]) for check in task["check"]),
        )
        for task in raw["task"]
    ]
    values = {key: pool.split() if isinstance(pool, str) else pool for key, pool in raw["values"].items()}
    return Repo(name, values, raw["files"], tuple(edits))


def share(pool: Sequence[str], split: str) -> Sequence[str]:
    """A split's part of a list."""
    half, rest = len(pool) // 2, len(pool) * 3 // 4
    return {"train": pool[:half], "validation": pool[half:rest], "test": pool[rest:]}[split]


def fill(text: str, words: Words) -> str:
    """A text with its words; raises KeyError for one that there is not."""

    def word(match: re.Match[str]) -> str:
        key = match[1]
        found = words[key.lower()]
        return found if key.islower() else found.upper() if key.isupper() else found[0].upper() + found[1:]

    return re.sub(r"@([A-Za-z]+)@", word, text)


def swaps(text: str) -> Iterator[Swap]:
    """The swaps that a solution lists."""
    path, old, new = "", list[str](), list[str]()
    for line in (*text.splitlines(), "@@"):
        if line == "@@" or line.startswith("### "):
            if old or new:
                yield Swap(path, "".join(old), "".join(new))
            old, new = [], []
            path = line.removeprefix("### ") if line != "@@" else path
        elif line[:1] in ("-", "+", " ", ""):
            old += [line[1:] + "\n"] * (line[:1] != "+")
            new += [line[1:] + "\n"] * (line[:1] != "-")
        else:
            raise ValueError(f"{line!r} is no line of a hunk: it begins with ' ', '-' or '+'")
