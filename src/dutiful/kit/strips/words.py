"""Words for a grounded task: templates per action and per predicate, and back from words to actions.

A template has one place for each parameter by its number: `"put {1} in {0}"`. `names` says what an object is called, when that is
not its own name. Where a template leaves a parameter out, several actions share words; a state tells them apart.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.kit.strips.domain import Atom
from dutiful.kit.strips.ground import GroundTask


class Phrases(NamedTuple):
    """Templates: of actions; of facts that hold; of facts that do not (default: "it is not the case that ...")."""

    actions: Mapping[str, str]
    facts: Mapping[str, str] = {}
    denials: Mapping[str, str] = {}


_ARTICLE = re.compile(r"\b(?:the|a|an|some)\b")
_SIGN = re.compile(r"[^\w\s@-]")


def normal(words: str) -> str:
    """Words without case, articles, punctuation and double spaces: what is compared."""
    return " ".join(_ARTICLE.sub(" ", _SIGN.sub(" ", words.lower())).split())


class Words:
    """Says and reads the actions and facts of one grounded task; raises SpecError for a template that does not fit."""

    def __init__(self, task: GroundTask, phrases: Phrases, names: Mapping[str, str] = {}):
        self.task, self.phrases = task, phrases
        self.names = {name: names.get(name, name) for name in task.problem.objects}
        self.said = [self._fill(phrases.actions, action.name, action.args) for action in task.actions]
        self._numbers: tuple[dict[str, list[int]], dict[str, list[int]]] | None = None

    def _fill(self, templates: Mapping[str, str], name: str, args: tuple[str, ...]) -> str:
        if name not in templates:
            raise SpecError(f"there is no template for {name!r}; there are: {', '.join(sorted(templates))}")
        try:
            return templates[name].format(*[self.names[arg] for arg in args])
        except (IndexError, KeyError) as error:
            raise SpecError(f"the template {templates[name]!r} of {name!r} does not fit {len(args)} arguments") from error

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

        Exact words come first, so that an object may be called "a"; else case, articles and punctuation are ignored.
        """
        if self._numbers is None:
            self._numbers = ({}, {})
            for number, said in enumerate(self.said):
                self._numbers[0].setdefault(said, []).append(number)
                self._numbers[1].setdefault(normal(said), []).append(number)
        exact, loose = self._numbers
        found = exact.get(words) or loose.get(normal(words), [])
        return list(found) if state is None else [number for number in found if self.task.can(state, number)]

    def nearest(self, words: str, state: int) -> str:
        """The applicable action whose words are nearest; empty when none comes near."""
        said = {normal(self.said[number]): self.said[number] for number in self.task.applicable(state)}
        near = difflib.get_close_matches(normal(words), said, n=1)
        return said[near[0]] if near else ""
