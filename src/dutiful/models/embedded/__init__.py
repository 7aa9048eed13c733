"""The embedded model, layer by layer: `llama` (the C library), `weights` (files), `tokenizer` (chat template and spans),
`scoring`, `masks` and `steering` (options and constraints), `jobs` and `engine` (batches), `encoder` (sentences), `model` (the
part)."""

from dutiful.models.embedded.model import Embedded

__all__ = ["Embedded"]
