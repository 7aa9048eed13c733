"""Complete agents: one file a method. The slots that they are composed of lie in the folders beside them."""

from dutiful.agents.act import Act
from dutiful.agents.clerk import Clerk
from dutiful.agents.expert import Expert
from dutiful.agents.policy import Policy
from dutiful.agents.protocol import ProtocolAgent
from dutiful.agents.random import Random
from dutiful.agents.react import React

__all__ = ["Act", "Clerk", "Expert", "Policy", "ProtocolAgent", "Random", "React"]
