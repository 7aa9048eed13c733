"""111: the claim about the checker of agent code, with its corpus and its baselines."""

from dutiful.claims.agentable.claim import AgentableClaim

__all__ = ["AgentableClaim"]
