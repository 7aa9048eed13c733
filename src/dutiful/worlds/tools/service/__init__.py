"""tools/service: a customer, a procedure, and the actions of a service desk."""

from dutiful.worlds.tools.service.world import Service

__all__ = ["Service"]
