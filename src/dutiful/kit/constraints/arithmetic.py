"""Requirements of the family arithmetic."""

__all__: list[str] = []
