"""Words for a grounded task: templates per action and per predicate, and back from words to actions.

A template has one place for each parameter by its number: `"put {1} in {0}"`. `names` says what an object is called, when that is
not its own name. Where a template leaves a parameter out, several actions share words; a state tells them apart.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.kit.strips.domain import Atom
from dutiful.kit.strips.ground import GroundTask


class Phrases(NamedTuple):
    """Templates: of actions; of facts that hold; of facts that do not (default: "it is not the case that ...")."""

    actions: Mapping[str, str]
    facts: Mapping[str, str] = {}
    denials: Mapping[str, str] = {}


_ARTICLES = frozenset({"the", "a", "an", "some"})
_SIGN = re.compile(r"[^\w\s@-]")


def normal(words: str, keep: Collection[str] = ()) -> str:
    """Words without case, articles, punctuation and double spaces: what is compared. Articles in `keep` stay."""
    return " ".join([word for word in _SIGN.sub(" ", words.lower()).split() if word not in _ARTICLES or word in keep])


def _filed(said: Iterable[str]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for number, words in enumerate(said):
        numbers.setdefault(words, []).append(number)
    return numbers


class Words:
    """Says and reads the actions and facts of one grounded task; raises SpecError for a template that does not fit."""

    def __init__(self, task: GroundTask, phrases: Phrases, names: Mapping[str, str] = {}):
        self.task, self.phrases = task, phrases
        self.names = {name: names.get(name, name) for name in task.problem.objects}
        self.said = [self._fill(phrases.actions, action.name, action.args) for action in task.actions]
        self._kept = _ARTICLES & {name.lower() for name in self.names.values()}
        self._exact: dict[str, list[int]] = {}
        self._loose: dict[str, list[int]] = {}

    def _fill(self, templates: Mapping[str, str], name: str, args: tuple[str, ...]) -> str:
        if name not in templates:
            raise SpecError(f"there is no template for {name!r}; there are: {', '.join(sorted(templates))}")
        try:
            return templates[name].format(*[self.names[arg] for arg in args])
        except (IndexError, KeyError) as error:
            raise SpecError(f"the template {templates[name]!r} of {name!r} does not fit {len(args)} arguments") from error

    def _normal(self, words: str) -> str:
        return normal(words, self._kept)

    def say(self, number: int) -> str:
        """An action in words."""
        return self.said[number]

    def fact(self, atom: Atom, holds: bool = True) -> str:
        """A fact in words, or its denial."""
        if not holds and atom[0] in self.phrases.denials:
            return self._fill(self.phrases.denials, atom[0], atom[1:])
        said = self._fill(self.phrases.facts, atom[0], atom[1:])
        return said if holds else f"it is not the case that {said}"

    def facts(self, state: int) -> list[str]:
        """The fluents of a state that have a template, in words, in the order of their bits."""
        return [self.fact(atom) for bit, atom in enumerate(self.task.atoms) if state >> bit & 1 and atom[0] in self.phrases.facts]

    def read(self, words: str, state: int | None = None) -> list[int]:
        """The actions that words may mean: all of them, or those applicable in a state. Empty when there is none.

        Exact words come first; then case, punctuation and articles are ignored, but for articles that are an object's name.
        """
        if not self._exact:  # both are made when first needed: most agents say what they were offered
            self._exact = _filed(self.said)
        found = self._exact.get(words)
        if found is None:
            if not self._loose:
                self._loose = _filed(self._normal(said) for said in self.said)
            found = self._loose.get(self._normal(words), [])
        return list(found) if state is None else [number for number in found if self.task.can(state, number)]

    def nearest(self, words: str, state: int) -> str:
        """The applicable action whose words are nearest; empty when none comes near."""
        said = {self._normal(self.said[number]): self.said[number] for number in self.task.applicable(state)}
        near = difflib.get_close_matches(self._normal(words), said, n=1)
        return said[near[0]] if near else ""
