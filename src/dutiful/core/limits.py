"""What an episode may spend."""

from dutiful.core.errors import LimitReached
from dutiful.core.records import Record, Usage


class Limits(Record, frozen=True):
    """Budgets of one episode; None is unlimited.

    steps: actions in the world, 1000 unless said otherwise, for worlds that never end by themselves. tokens: read anew
    plus written. calls: questions to the model. seconds: wall clock from the reset. cost: US dollars; a model whose price
    is unknown is refused when this is set.
    """

    steps: int | None = 1000
    tokens: int | None = None
    calls: int | None = None
    seconds: float | None = None
    cost: float | None = None

    def check(self, steps: int, usage: Usage, seconds: float) -> None:
        """Raises LimitReached when one of the budgets is used up."""
        spent = dict(steps=steps, tokens=usage.tokens, calls=usage.calls, seconds=seconds, cost=usage.cost)
        for limit, amount in spent.items():
            allowed = getattr(self, limit)
            if allowed is not None and amount >= allowed:
                raise LimitReached(limit, allowed)
