"""Which language a text is in: told by its script and, among those that share one, by common words and letters of its own."""

from __future__ import annotations

import re

from dutiful.kit.constraints.language.data import COMMON, NAMES, OWN, SCRIPTS

_LETTERS = {name: re.compile(f"[{found}]") for name, found in SCRIPTS.items()}
_HITS: dict[str, list[str]] = {}
for _code, _words in COMMON.items():
    for _word in set(_words.split()):
        _HITS.setdefault(_word, []).append(_code)

_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def _cyrillic(text: str) -> str:
    low = text.lower()
    if re.search("[іїєґ]", low):
        return "uk"
    marks = len(re.findall("[ыэё]", low))
    return (
        "bg" if not marks and (low.count("ъ") > 0 or len(re.findall(r"\b(?:на|да|се|са|за|е|от|този|това)\b", low)) > 3) else "ru"
    )


def _arabic(text: str) -> str:
    if re.search("[ٹڈڑںےہھ]", text):
        return "ur"
    return "fa" if re.search("[پچژگکی]", text) else "ar"


def _devanagari(text: str) -> str:
    hits = {
        "mr": len(re.findall(r"(?:^|\s)(?:आहे|आणि|या|ते|हे|आहेत|नाही|ळ\S*)(?=\s|$|[।.,])", text)) + text.count("ळ"),
        "ne": len(re.findall(r"(?:^|\s)(?:छ|छन्|हो|र|यो|गर्न|भन्ने|मात्र)(?=\s|$|[।.,])", text)),
        "hi": len(re.findall(r"(?:^|\s)(?:है|हैं|और|में|का|की|के|को|से|यह|नहीं)(?=\s|$|[।.,])", text)),
    }
    return max(hits, key=lambda code: (hits[code], code == "hi"))


def _latin(text: str) -> tuple[str, int]:
    """The language and how many of its words were met. With none met: English."""
    low = text.lower()
    score = dict.fromkeys(COMMON, 0.0)
    for word in _WORDS.findall(low):
        for code in _HITS.get(word, ()):
            score[code] += 1 / len(_HITS[word])
    if not low.isascii():
        for code, letters in OWN.items():
            score[code] += 0.7 * sum(low.count(letter) for letter in letters)
    best = max(score, key=lambda code: (score[code], code == "en"))
    return best, round(score[best])


def detect(text: str) -> tuple[str, str]:
    """The language of a text as a code, and why; ("", ...) for a text without letters."""
    if text.isascii():
        counts = {"latin": sum(map(str.isalpha, text[:4000]))}
    else:
        counts = {name: len(found.findall(text)) for name, found in _LETTERS.items()}
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return "", "no letters"
    if script == "latin":
        code, hits = _latin(text)
        return code, f"{hits} common words of {name_of(code)}"
    if script in ("han", "kana"):
        code = "ja" if counts["kana"] * 8 > counts["han"] else "zh"
    elif script in ("cyrillic", "arabic", "devanagari"):
        code = {"cyrillic": _cyrillic, "arabic": _arabic, "devanagari": _devanagari}[script](text)
    else:
        code = {"hebrew": "he"}.get(script, script)
    return code, f"letters of {name_of(code)}"


def name_of(code: str) -> str:
    return next(name for name, each in NAMES.items() if each == code)


__all__ = ["detect", "name_of"]
