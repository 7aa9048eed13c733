"""Requirements of the family position."""

__all__: list[str] = []
