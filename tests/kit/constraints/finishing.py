"""What holds of every type whose `finish` is exact, as one battery for the tests of the families."""

import random
from collections.abc import Sequence

from dutiful.kit.constraints import Rule, rule

SENTENCES = (
    "The harbour opens at six and the boats leave soon after.",
    "Rain is likely in the north, but not before noon.",
    "Ask Dr. Meyer, who paid 3.50 for 12 rolls in 2019.",
    "Is that all?",
    "What a day!",
    "So it goes.",
    "Well, the well-known bridge (built in 1890) doesn't close.",
    "*Nobody* knows **why**; see https://example.org #maps.",
    "my answer: yes",
    "Alpha beta.",
    "Then 7, 14, 21 and 28 came up.",
    "We saw Anna at noon, and Anna saw us.",
)
SHAPES = (
    "- one thing\n- another thing\n  - a part of it\n",
    "* first\n* second\n",
    "1. wake up\n2. get up\n3. go out\n",
    "# Title\n\n## Part\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n",
    '{"name": "Ann", "tags": ["x", {"deep": [1, 2.5e3, null]}]}',
    "```python\n# no heading\nprint(1)\n```\n",
    "<note id='1' lang=\"en\"><b>bold</b></note>",
    "> quoted\n\n***\n\n",
    "Section 1\nText.\n\nSection 2\nMore.",
    '"So he said"',
    "one ****** two",
    "[name] and [place",
    "a\n  b\n    c",
    "id,city\n1,Rome\n",
)
PIECES = (" ", "\n", "\n\n", ".", "x", "-", "*", "#", '"', "{", "[", "5", ", ", "a ", "```", "|", "<", ">", "—", "é", "中")


def texts(seed: int, count: int) -> list[str]:
    """Texts of all shapes, the empty one among them."""
    rng = random.Random(seed)
    made = ["", " ", "\n"]
    while len(made) < count:
        parts = [rng.choice(rng.choice((SENTENCES, SENTENCES, SHAPES, PIECES))) for _ in range(rng.randint(1, 5))]
        made.append(rng.choice((" ", "\n", "\n\n", "")).join(parts))
    return made


def samples(kind: type[Rule], count: int) -> list[Rule]:
    """Rules of a type with drawn parameters."""
    return [kind.sample(random.Random(f"{kind.kind}{index}")) for index in range(count)]


def ends_well(one: Rule, text: str) -> None:
    """Whatever `finish` gives makes the text pass, and "" is given to texts that pass and to no others."""
    end, passed = one.finish(text), one.check(text).passed
    assert (end == "") == passed, (one, text, end)
    if end is not None:
        assert one.check(text + end).passed, (one, text, end, one.check(text + end))


def alive(one: Rule, text: str, rng: random.Random, most: int = 24) -> None:
    """Every prefix of a text that passes can be finished."""
    assert one.check(text).passed, (one, text)
    cuts: Sequence[int] = range(len(text) + 1)
    for cut in rng.sample(cuts, most) if len(cuts) > most else cuts:
        assert one.finish(text[:cut]) is not None, (one, text[:cut], text[cut:])
        ends_well(one, text[:cut])


def mends(one: Rule, text: str, rng: random.Random) -> str:
    """The mended text passes; one that passed stays as it is."""
    mended = one.mend(text, rng)
    assert one.check(mended).passed, (one, text, mended, one.check(mended))
    if one.check(text).passed:
        assert mended == text, (one, text, mended)
    return mended


def points(one: Rule, text: str) -> None:
    """A finding has evidence, and its spans lie in the text."""
    found = one.check(text)
    assert found.evidence
    assert all(0 <= start < end <= len(text) for start, end in found.spans), (one, text, found)
    assert not (found.passed and found.spans)


def sound(kind: type[Rule], seed: int = 0, rules: int = 4, count: int = 14, upper: bool = False) -> None:
    """All of it for one type. `upper`: an upper bound or an absence, which an empty text meets."""
    rng = random.Random(f"{kind.kind}{seed}")
    assert len(set(kind.wordings)) >= 3
    for index, one in enumerate(samples(kind, rules)):
        wordings = {one.wording(i) for i in range(len(kind.wordings))}
        assert len(wordings) >= 3 and not any("{" in w.replace("{}", "") and "n}" in w for w in wordings)
        assert rule(one.constraint(index)) == one
        assert one.check("").passed == upper, one
        for text in texts(rng.randrange(10**9), count):
            points(one, text)
            mended = mends(one, text, rng)
            if not kind.steers:
                continue
            ends_well(one, text)
            alive(one, mended, rng)
            longer = mended + rng.choice(("", " ", "\n", *SENTENCES, *PIECES))
            ends_well(one, longer)
            if one.check(longer).passed:
                alive(one, longer, rng)
