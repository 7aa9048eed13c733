"""Sentences of one length."""

from __future__ import annotations

import random as randomness

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.joints import close
from dutiful.kit.constraints.text import TOKEN, capitalised, sentence_spans

_PLAIN = (
    ("no", "we", "go", "up", "it", "is", "by", "he", "an", "my", "us", "do"),
    ("old", "red", "sun", "sea", "men", "ate", "ten", "big", "pie", "was", "hot", "tea", "dog", "ran", "far", "one"),
    ("cold", "wind", "blew", "over", "warm", "sand", "most", "kids", "like", "cake", "fish", "swim", "near", "rock"),
    ("quiet", "birds", "build", "small", "nests", "under", "green", "roofs", "young", "foxes", "chase", "brown"),
    ("summer", "nights", "become", "longer", "during", "winter", "golden", "fields", "follow", "rivers"),
)


class SentencesSameLength(Rule, frozen=True):
    """Three sentences of equally many characters, with no word in common. IFBench does not look at the words."""

    kind, family, category, subtype = "sentences_same_length", "length", "length", "characters"
    steers = False
    same_as = "ifbench:ratio:sentence_words"
    wordings = (
        "Write three sentences with the same number of characters but all different words.",
        "The answer must be three sentences of equal length in characters, and no word may occur twice.",
        "Make sure that there are three sentences, equally long in characters, that share no word.",
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        sizes = [end - start for start, end in spans]
        seen: set[str] = set()
        wrong: list[tuple[int, int]] = []
        for found in TOKEN.finditer(text):
            word = found.group().lower()
            if word in seen:
                wrong.append(found.span())
            seen.add(word)
        passed = len(spans) == 3 and len(set(sizes)) == 1 and not wrong
        shown = ", ".join(map(str, sizes[:40])) or "no"
        return Finding(
            passed, f"sentences of {shown} characters, three alike asked for; {len(wrong)} words repeated", tuple(wrong)
        )

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        for start, end in sentence_spans(text)[:3]:
            first = text[start:end]
            kept = [first + close(first)]
            used = [word.lower() for word in TOKEN.findall(first)]
            if len(used) == len(set(used)) and 12 <= len(kept[0]) <= 80:
                for _ in range(2):
                    kept.append(self._like(len(kept[0]), {word.lower() for each in kept for word in TOKEN.findall(each)}, random))
                if self.check(" ".join(kept)).passed:
                    return " ".join(kept)
        return "Quiet birds build nests. Most kids like hot pies. Young foxes follow them."

    def _like(self, size: int, used: set[str], random: randomness.Random) -> str:
        """A sentence of so many characters without the used words; the empty one where none was found."""
        for _ in range(40):
            words: list[str] = []
            free = size
            while free > 0:
                fit = [word for group in _PLAIN for word in group if word not in used and word not in words]
                fit = [word for word in fit if len(word) + 1 == free or len(word) + 4 <= free]
                if not fit:
                    break
                words.append(random.choice(fit))
                free -= len(words[-1]) + 1
            if not free:
                return capitalised(" ".join(words)) + "."
        return ""


__all__ = ["SentencesSameLength"]
