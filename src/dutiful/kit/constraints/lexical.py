"""Requirements of the family lexical."""

__all__: list[str] = []
