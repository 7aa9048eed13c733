"""Attacks: one file a method; `defences/` likewise."""

__all__: list[str] = []
