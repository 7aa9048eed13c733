"""How many words of a kind there are: conjunctions, pronouns, names."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, shown
from dutiful.kit.constraints.fillers import several
from dutiful.kit.constraints.joints import lead
from dutiful.kit.constraints.lexical.every_word import tokens
from dutiful.kit.constraints.mended import Mended
from dutiful.kit.constraints.text import EDGES


class ConjunctionsAtLeast(Mended, frozen=True):
    """At least n different ones of the seven coordinating conjunctions."""

    n: int

    kind, family, category, subtype = "conjunctions_at_least", "lexical", "content", "words"
    same_as = "ifbench:count:conjunctions"
    wordings = (
        "Use at least {n} different coordinating conjunctions.",
        "The answer must hold {n} or more different ones of: for, and, nor, but, or, yet, so.",
        "Join your clauses with no fewer than {n} different coordinating conjunctions.",
    )
    # IFBench takes "And", "and" and "and," for three different conjunctions; they are one.

    def __post_init__(self) -> None:
        if self.n > len(_CONJUNCTIONS):
            raise ValueError(f"there are only {len(_CONJUNCTIONS)} coordinating conjunctions, not {self.n}")

    def found(self, text: str) -> set[str]:
        """Those that occur."""
        return {word.strip(EDGES) for word in set(text.lower().split())} & _CONJUNCTIONS

    def check(self, text: str) -> Finding:
        found = self.found(text)
        said = f"{len(found)} conjunctions, at least {self.n} asked for: {shown(tuple(sorted(found))) or 'none'}"
        return Finding(len(found) >= self.n, said)

    def finish(self, text: str) -> str | None:
        found = self.found(text)
        missing = [word for word in ("and", "but", "or", "so", "yet", "for", "nor") if word not in found][
            : max(0, self.n - len(found))
        ]
        clauses = {
            "and": "and there is more",
            "but": "but not always",
            "or": "or nearly so",
            "so": "so it helps",
            "yet": "yet it can change",
            "for": "for it depends",
            "nor": "nor is this all",
        }
        return f"{lead(text)}It holds, {', '.join(clauses[word] for word in missing)}." if missing else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 4))

    def peer(self) -> dict[str, object]:
        return {"small_n": self.n}


_CONJUNCTIONS = frozenset(["and", "but", "for", "nor", "or", "so", "yet"])

_PRONOUNS = frozenset(
    several(
        "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself"
        " she her hers herself it its itself they them their theirs themselves"
    )
)


class PronounsAtLeast(Mended, frozen=True):
    """At least n personal, possessive or reflexive pronouns."""

    n: int

    kind, family, category, subtype = "pronouns_at_least", "lexical", "content", "words"
    same_as = "ifbench:count:pronouns"
    wordings = (
        "Use at least {n} pronouns.",
        "The answer must hold {n} or more pronouns, such as I, you, it or their.",
        "Write with no fewer than {n} pronouns.",
    )

    def count(self, text: str) -> int:
        """How many there are; a slash parts words."""
        return sum(map(_PRONOUNS.__contains__, tokens(text.replace("/", " "))))

    def check(self, text: str) -> Finding:
        count = self.count(text)
        return Finding(count >= self.n, f"{count} pronouns, at least {self.n} asked for")

    def finish(self, text: str) -> str | None:
        missing = self.n - self.count(text)
        start = lead(text) or (" " if text and not text[-1].isspace() else "")
        return start + " ".join(["You know it as we do."] * -(-missing // 3)) if missing > 0 else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 8))

    def peer(self) -> dict[str, object]:
        return {"N": self.n}


_NAMES = several("Anna Peter Julia Martin Clara Simon Helen Robert Laura Oscar Irene Victor Diana Hugo Marta Felix")


def _stands(name: str, text: str) -> bool:
    """Whether a name occurs as a whole word."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        at = text.find(name, at + 1)
    return False


class NamesAtLeast(Mended, frozen=True):
    """At least n different ones of some names, each as a whole word.

    IFBench looks for the letters anywhere, so that "Available" mentions Ava; that is a bug. Its own list of fifty names can be
    given as `names`.
    """

    n: int
    names: tuple[str, ...]

    kind, family, category, subtype = "names_at_least", "lexical", "content", "identifiers"
    same_as = "ifbench:count:person_names"
    wordings = (
        "Mention at least {n} different people out of this list: {names}.",
        "Use {n} or more of these names: {names}.",
        "No fewer than {n} of the persons {names} must be named.",
    )

    def __post_init__(self) -> None:
        if self.n > len(set(self.names)):
            raise ValueError(f"{self.n} of {len(set(self.names))} names")

    def found(self, text: str) -> list[str]:
        """The names that occur."""
        return [name for name in dict.fromkeys(self.names) if name in text and _stands(name, text)]

    def check(self, text: str) -> Finding:
        found = self.found(text)
        return Finding(len(found) >= self.n, f"{len(found)} names, at least {self.n} asked for: {shown(tuple(found)) or 'none'}")

    def finish(self, text: str) -> str | None:
        found = self.found(text)
        if len(found) >= self.n:
            return ""
        # Where the text breaks off in a name, what follows must part it.
        end = lead(text)
        later = set(self.found(text + (end or " ")))
        missing = tuple(name for name in dict.fromkeys(self.names) if name not in later)[: self.n - len(later)]
        return f"{end}Ask {shown(missing)}." if missing else end

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        names = tuple(random.sample(_NAMES, 8))
        return cls(random.randint(1, 4), names)

    def peer(self) -> dict[str, object]:
        return {"N": self.n}


__all__ = ["ConjunctionsAtLeast", "NamesAtLeast", "PronounsAtLeast"]
