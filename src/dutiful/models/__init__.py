"""Models: one file a backend."""

from dutiful.models.cache import Cache
from dutiful.models.caller import Caller
from dutiful.models.embedded import Embedded
from dutiful.models.experts import Experts
from dutiful.models.openai import OpenAI
from dutiful.models.proposer import Proposer
from dutiful.models.scripted import Scripted
from dutiful.models.writer import Writer

__all__ = ["Cache", "Caller", "Embedded", "Experts", "OpenAI", "Proposer", "Scripted", "Writer"]
