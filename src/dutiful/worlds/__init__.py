"""Worlds: a folder each."""

__all__: list[str] = []
