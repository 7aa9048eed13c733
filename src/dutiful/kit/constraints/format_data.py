"""Requirements of the family format."""

__all__: list[str] = []
