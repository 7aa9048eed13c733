"""What must hold of every requirement, tried on random texts built from a bank of sentences."""

from __future__ import annotations

import random as randomness

from dutiful.kit.constraints import Rule, rule

ENGLISH = (
    "The cat sat on the mat.",
    "Rain fell all night, and the river rose.",
    "Did anyone see Dr. Smith leave?",
    "What a day!",
    "It costs 3.5 euros, e.g. at the market.",
    '"Go home," she said.',
    "**Note:** keep it simple.",
    "The U.S. team won by 4 to 2; nobody cared.",
    "WOW, NASA called again!",
    "Bread (fresh bread [warm]) smells good...",
    "well-known facts aren't new",
    "I think so.",
    "Emma met Liam at 5 p.m. near the old mill.",
    "So it goes.",
    "1. Buy milk.",
    "- one more thing",
    "P.S. Call me.",
    "A small bird can dance even further.",
    "Café owners don't mind – they like it.",
    "See main.py, etc. for more.",
    "Is it late?! Perhaps...",
    "Yes.",
)
CHINESE = ("今天天气很好。", "你去哪里？", "我喜欢读书，也喜欢写字。", "太好了！", "这是一个简单的例子")
JOINTS = (" ", " ", " ", "\n", "\n\n", "\n***\n")


def text(random: randomness.Random, chinese: bool = False) -> str:
    """A text of nought to seven sentences; it may break off."""
    bank = CHINESE if chinese else ENGLISH
    found = "".join(random.choice(bank) + random.choice(JOINTS) for _ in range(random.randint(0, 7)))
    found = random.choice((found, found.strip(), found.upper(), found.lower(), found.title(), found))
    return found[: random.randint(0, len(found))] if random.random() < 0.3 else found


def samples(kind: type[Rule], count: int = 12) -> list[Rule]:
    """Requirements of a type, as users ask."""
    random = randomness.Random(7)
    return [kind.sample(random) for _ in range(count)]


def check_type(kind: type[Rule], texts: int = 60) -> None:
    """The contract of a type. A failure names the requirement and the text."""
    random = randomness.Random(11)
    assert len(kind.wordings) >= 3
    assert len(set(kind.wordings)) == len(kind.wordings)
    assert kind.family and kind.category in ("content", "format", "language", "length") and kind.subtype
    for asked in samples(kind):
        _words(asked)
        _empty(asked)
        for i in range(texts // 6):
            _text(asked, text(random, chinese="zh" in kind.languages and i % 4 == 3), random)


def _words(asked: Rule) -> None:
    for index in range(len(asked.wordings)):
        wording = asked.wording(index)
        assert "{" not in wording.replace("{}", "") and wording.strip() == wording, wording
    assert rule(asked.constraint()) == asked
    assert asked.opposes(asked) == "", "a requirement does not oppose itself"


def _empty(asked: Rule) -> None:
    bound = any(part in asked.kind for part in ("_at_most", "no_", "_only", "_once"))
    found = asked.check("")
    assert found.passed is bound or not found.passed, f"{asked}: an empty text meets it"
    end = asked.finish("")
    if asked.steers:
        assert end is not None and asked.check(end).passed, f"{asked} can be met: {end!r}"
    assert asked.check(asked.mend("", randomness.Random(0))).passed, f"{asked} mends nothing"


def _text(asked: Rule, draft: str, random: randomness.Random) -> None:
    found = asked.check(draft)
    assert found.evidence
    assert all(0 <= start <= end <= len(draft) for start, end in found.spans), f"{asked} on {draft!r}: {found}"
    if found.passed:
        assert asked.finish(draft) == "", f"{asked} is met by {draft!r}"
    end = asked.finish(draft)
    if end is not None:
        assert asked.check(draft + end).passed, f"{asked}: {draft!r} + {end!r}: {asked.check(draft + end)}"
    mended = asked.mend(draft, random)
    assert asked.check(mended).passed, f"{asked}: {draft!r} mended to {mended!r}: {asked.check(mended)}"
    if found.passed:
        assert mended == draft, f"{asked}: nothing to mend in {draft!r}, but {mended!r}"
    for whole in {draft if found.passed else mended, mended}:
        if not asked.steers:
            continue
        for cut in sorted({random.randint(0, len(whole)) for _ in range(25)} | {len(whole) - 1} if whole else set()):
            prefix = whole[:cut]
            end = asked.finish(prefix)
            assert end is not None, f"{asked}: {prefix!r} is dead, but {whole!r} meets it"
            assert asked.check(prefix + end).passed, f"{asked}: {prefix!r} + {end!r}"
