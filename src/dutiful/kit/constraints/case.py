"""Requirements of the family case."""

__all__: list[str] = []
