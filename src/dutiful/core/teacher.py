"""Teacher: makes or picks examples."""

from collections.abc import Iterator, Sequence

from dutiful.core.parts import Part
from dutiful.core.records import Example


class Teacher(Part):
    """Capabilities on the card: "make", "select"."""

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        """Makes n examples, one by one; the same seed makes the same."""
        raise NotImplementedError

    def select(self, pool: Sequence[Example], k: int) -> list[int]:
        """The places of the k best examples of a pool, best first."""
        raise NotImplementedError
