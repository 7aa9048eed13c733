"""Look, choose, act."""

from __future__ import annotations

from dutiful.core.agent import Agent
from dutiful.core.parts import Card


class Act(Agent):
    """The plain agent: every slot at its default, each open to `act+slot+slot`."""

    card = Card(kind="agent", name="act", summary="looks and acts: the plain agent whose slots everything else fills")
