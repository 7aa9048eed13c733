"""tools/desk: a desk for orders and bookings, with a policy, and a customer who tells things bit by bit."""

from dutiful.worlds.tools.desk.world import Desk

__all__ = ["Desk"]
