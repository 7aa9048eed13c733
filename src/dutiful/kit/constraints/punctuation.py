"""Requirements of the family punctuation."""

__all__: list[str] = []
