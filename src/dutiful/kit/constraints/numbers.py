"""Numbers as users say them: "80", "1,000", "twenty-five", "a dozen"."""

from __future__ import annotations

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = (
    {word: value for value, word in enumerate((_ONES + " nineteen").split())}
    | {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
    | {"once": 1, "a single": 1, "twice": 2, "a couple of": 2, "thrice": 3, "a dozen": 12, "a hundred": 100, "one hundred": 100}
    | {"two hundred": 200, "three hundred": 300, "five hundred": 500, "a thousand": 1000, "one thousand": 1000}
    | {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
)

NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|[a-z]+ty[- ](?:one|two|three|four|five|six|seven|eight|nine)"
    r"|(?:a|one|two|three|five)[- ](?:single|couple of|dozen|hundred|thousand)|[a-z]+|[一两二三四五])"
)
"""What a number may be, letter case aside. Many a word that is none matches, too: `number` tells."""


def number(said: str) -> int:
    """The number that was said; raises ValueError if it is none."""
    plain = " ".join(said.lower().replace("-", " ").split())
    if plain in _WORDS:
        return _WORDS[plain]
    tens, _, ones = plain.partition(" ")
    if tens in _WORDS and ones in _WORDS and _WORDS[ones] < 10 <= _WORDS[tens]:
        return _WORDS[tens] + _WORDS[ones]
    try:
        return int(plain.replace(",", ""))
    except ValueError:
        raise ValueError(f"{said!r} is no number that is known here; write it in digits") from None


__all__ = ["NUMBER", "number"]
