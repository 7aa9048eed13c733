"""Requirements of the family structure."""

__all__: list[str] = []
