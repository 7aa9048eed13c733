"""Requirements of the family compound."""

__all__: list[str] = []
