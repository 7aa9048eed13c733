"""Common phrases of users for requirements, beyond the wordings of the types; and what merely sounds like a requirement.

An entry of `SPOKEN` is (kind, expression, fixed parameters). Groups are parameters; NUMBER stands for a number in digits or
words; `n__under` is a bound that is itself not allowed ("under 80 words": at most 79), `n__over` likewise.
"""

from __future__ import annotations

import re
from typing import Any

SPOKEN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "words_at_most",
        r"(?:(?:in|with|keep (?:it|this) |stay )\s*)?(?:under|below|less than|fewer than) (?P<n__under>NUMBER) words",
        {},
    ),
)

SOUNDS = re.compile(
    r"\b(?:must|should|shall|needs? to|has to|have to|do not|don['’]t|never|avoid|without|only|exactly|at least|at most"
    r"|no more than|no fewer|no less|less than|more than|fewer than|limit|maximum|minimum|make sure|ensure|refrain"
    r"|instead of|rather than|in an? (?:\w+ )?(?:tone|style|voice|manner|format|way)"
    r"|(?:formal|friendly|concise|brief|short|polite|simple|plain)(?:ly)?)\b"
    r"|(?:under|over|within|between|around|about|below|up to|in|of)\s+(?:\d+|two|three|four|five|ten)\b"
    r"|(?:^\W*|[,;:]\s*|\band\s+|\bplease\s+|\bthen\s+)(?:please\s+)?(?:use|include|mention|contain|add|start|begin|end|finish"
    r"|close|open|keep|put|no|not|all|every|each|format|reply|respond|answer|speak|highlight|mark|number|separate|wrap"
    r"|repeat|stay|be)\b"
    r"|\b(?:bullets?|bullet points?|headings?|markdown|json|csv|xml|html|tables?|emojis?|hashtags?|upper ?case|lower ?case"
    r"|capitals?|paragraphs?|sentences?|words|characters|letters)\b",
    re.IGNORECASE,
)
"""What sounds like a requirement."""

ASKS = re.compile(
    r"\s*(?:please\s+)?(?:describe|explain|tell|write|what|who|why|how|when|where|which|give|list|draft|compose|present"
    r"|put together|say|sum up|summari[sz]e|create|i would like|i need|can you|could you|is|are|do|does)\b[^,;]*",
    re.IGNORECASE,
)
"""The request that an instruction opens with."""

__all__ = ["ASKS", "SOUNDS", "SPOKEN"]
