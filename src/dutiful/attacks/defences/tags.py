"""The defence by tags."""

from __future__ import annotations

from dutiful.agents.views.tagged import Tagged
from dutiful.core.agent import Agent
from dutiful.core.attack import Attack
from dutiful.core.errors import Unsupported
from dutiful.core.parts import Card


class Tags(Attack):
    """Gives an agent the view `tagged` around its own: what the world shows stands between tags that it cannot close."""

    card = Card(
        kind="attack",
        name="tags",
        system="101",
        summary="a defence: untrusted text between tags with a nonce, and the order to follow nothing inside",
        capabilities=frozenset({"defence"}),
        source="arXiv 2308.10819",
    )

    def __init__(self, nonce: bool = True, escape: bool = True):
        self.nonce, self.escape = nonce, escape

    def apply(self, target: Agent) -> Agent:  # type: ignore[override]
        """The agent defended: a copy with another view."""
        if not isinstance(target, Agent) or not hasattr(target, "view"):
            raise Unsupported(self.spec, f"defend {target!r}: it needs an agent with a view")
        twin = target.clone()
        twin.view = Tagged(target.view.spec, self.nonce, self.escape)
        return twin
