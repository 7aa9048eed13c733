"""A family of functions to write: parameters, wordings, what is true, and the text of a solution."""

from __future__ import annotations

from random import Random
from string import Template
from typing import Any, ClassVar

from dutiful.core.records import Json


class Family:
    """`truth` says on the host what comes out; `body` is the oracle's text, written on its own, with `$name` for parameters.

    Of the `wordings` the first half is seen in training; `{name}` stands for a word of `words`. `detail` settles the corners: it
    stands in the stub's docstring, whatever the wording leaves open.
    """

    name: ClassVar[str]
    takes: ClassVar[str]
    """The parameters of the function, as they stand between its brackets."""
    wordings: ClassVar[tuple[str, ...]]
    detail: ClassVar[str]
    body: ClassVar[str]

    def draw(self, random: Random) -> Json:
        """The parameters of one task (JSON values)."""
        raise NotImplementedError

    def truth(self, p: Json, *arguments: Any) -> Any:
        """What the function gives for these arguments."""
        raise NotImplementedError

    def arguments(self, random: Random, p: Json) -> list[Any]:
        """Arguments for one call."""
        raise NotImplementedError

    def words(self, p: Json) -> Json:
        """What the wordings may say of the parameters."""
        return p

    def instruction(self, p: Json, wording: int) -> str:
        """The instruction in one of its wordings; the file and the name of the function are always said."""
        return f"{self.wordings[wording].format(**self.words(p))} Write it as {self.name}({self.takes}) in solution.py."

    def stub(self, p: Json) -> str:
        """The file as it is found."""
        detail = self.detail.format(**self.words(p))
        return f'def {self.name}({self.takes}):\n    """{detail}"""\n    raise NotImplementedError\n'

    def solution(self, p: Json) -> str:
        """The file as the oracle leaves it."""
        return Template(self.body.strip("\n") + "\n").substitute({key: repr(value) for key, value in p.items()})


def numbers(random: Random, low: int = -20, high: int = 40, least: int = 0, most: int = 9) -> list[int]:
    """A list of whole numbers, sometimes empty, with repetitions."""
    return [random.randint(low, high) for _ in range(random.randint(least, most))]
