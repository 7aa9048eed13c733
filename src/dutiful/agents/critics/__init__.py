"""May this action pass: one file a method."""

from dutiful.agents.critics.bestof import BestOf
from dutiful.agents.critics.decrim import Decrim
from dutiful.agents.critics.improve import Improve
from dutiful.agents.critics.rci import Rci
from dutiful.core.agent import Critic

__all__ = ["BestOf", "Critic", "Decrim", "Improve", "Rci"]
