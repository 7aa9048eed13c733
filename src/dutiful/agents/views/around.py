"""What views have in common that change how another view's spans are shown."""

from __future__ import annotations

from dutiful.core.agent import Agent, View
from dutiful.core.parts import make


class Around(View):
    """A view around another one, `shows`, by spec."""

    def __init__(self, shows: str = "text"):
        self.shows = shows
        self._inner: View = make("view", shows)

    def begin(self, agent: Agent) -> None:
        super().begin(agent)
        self._inner = make("view", self.shows)  # one of its own: copies of an agent share the object made above
        self._inner.begin(agent)
