"""Any server that speaks the OpenAI protocol. `model` asks, `client` connects, `scoring` weighs options, `answers` reads."""

from dutiful.models.openai.model import OpenAI

__all__ = ["OpenAI"]
