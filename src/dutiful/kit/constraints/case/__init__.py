"""Capital and small letters."""

from __future__ import annotations

from dutiful.kit.constraints.case.letters import AllLower, AllUpper, SentenceCase
from dutiful.kit.constraints.case.titles import TitleCase
from dutiful.kit.constraints.case.words import CapitalWordsAtLeast, CapitalWordsAtMost, WordInCapitals

__all__ = ["AllLower", "AllUpper", "CapitalWordsAtLeast", "CapitalWordsAtMost", "SentenceCase", "TitleCase", "WordInCapitals"]
