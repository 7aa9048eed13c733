"""The defence by roles."""

from __future__ import annotations

from dutiful.agents.views.separated import Separated
from dutiful.core.agent import Agent
from dutiful.core.attack import Attack
from dutiful.core.errors import Unsupported
from dutiful.core.parts import Card


class Sources(Attack):
    """Gives an agent the view `separated` around its own: what the world shows comes in messages of a role of its own."""

    card = Card(
        kind="attack",
        name="sources",
        summary="a defence: untrusted text in messages of a role of its own, apart from the user's",
        capabilities=frozenset({"defence"}),
        source="arXiv 2404.13208",
    )

    def __init__(self, role: str = "tool"):
        self.role = role

    def apply(self, target: Agent) -> Agent:  # type: ignore[override]
        """The agent defended: a copy with another view."""
        if not isinstance(target, Agent) or not hasattr(target, "view"):
            raise Unsupported(self.spec, f"defend {target!r}: it needs an agent with a view")
        twin = target.clone()
        twin.view = Separated(target.view.spec, self.role)
        return twin
