"""Requirements of the family language."""

__all__: list[str] = []
