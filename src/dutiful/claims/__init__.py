"""Claims: one file a system; `results/` holds what was measured."""

__all__: list[str] = []
