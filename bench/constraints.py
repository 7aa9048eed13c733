"""Our requirement checkers against if-verifiable's, on the same generated responses: same verdicts? how much faster?

For every type with `same_as`, several parameter settings, so many responses each: half written to meet the requirement (by the
writer), half perturbed (written to break it, cut off, in other letter case, with marks, lines or words put in or left out; one in
fifty is odd: no words, Chinese, code). Both sides judge the same text with the same parameters (`Rule.peer`). As in
`if_verifiable.common.evaluate_instructions`, blanks around an answer are cut, and a blank one is not judged. An exception on
their side is a difference. langdetect, which some of theirs ask, is random; its seed is set.

if-verifiable needs data of NLTK that no package index installs with it: `punkt_tab`, `stopwords` and, for one type, the tagger.
NLTK_DATA names the folder; where data is missing, the types that need it are left out and listed. (The wheel of
llama-index-core carries the first two, below `_static/nltk_cache`.)

Speed: checks per second over the same responses and checkers, built beforehand, in turns, median of repeats, in one process.

    NLTK_DATA=... python bench/constraints.py [--responses 2000] [--only KIND] [--out bench/results/constraints.json]
"""

from __future__ import annotations

import argparse
import collections
import datetime
import io
import json
import logging
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, suppress
from pathlib import Path
from typing import Any

import msgspec

from dutiful.kit.constraints import TYPES, Rule
from dutiful.kit.constraints.topics import TOPICS
from dutiful.kit.constraints.writer import Unwritable, topics, write

LANGDETECT = ("all_lower", "all_upper", "in_language")
SETTINGS = 8
"""Parameter settings a type."""
REPEATS = 3
BOUND_AGREEMENT, BOUND_SPEED = 0.995, 5.0
ODD = ("...", "Yes", "好的。", "a\n\n\nb", "```\ncode\n```", "Dr. Smith paid $3.50, e.g. on Monday.", "¿Qué?", "😀", "***")
NAMES = (
    "Emma Liam Sophia Jackson Olivia Noah Ava Lucas Isabella Mason Mia Ethan Charlotte Alexander Amelia "
    "Benjamin Harper Leo Zoe Daniel Chloe Samuel Lily Matthew Grace Owen Abigail Gabriel Ella Jacob Scarlett "
    "Nathan Victoria Elijah Layla Nicholas Audrey David Hannah Christopher Penelope Thomas Nora Andrew Aria "
    "Joseph Claire Ryan Stella Jonathan"
)
CAPITALS = (
    "Reykjavik Helsinki Oslo Tallinn Stockholm Riga Moscow Copenhagen Vilnius Minsk Dublin Berlin Amsterdam "
    "Warsaw London Brussels Prague Luxembourg Paris Vienna Bratislava Budapest Vaduz Chisinau Bern Ljubljana "
    "Zagreb"
)
FIXED: dict[str, dict[str, Any]] = {
    "keywords_times": dict(words=("river", "engine", "garden", "market", "window"), times=(1, 2, 3, 5, 7)),
    "names_at_least": dict(names=tuple(NAMES.split(" "))),
    "palindromes_at_least": dict(n=10),
    "csv_answer": dict(columns=("ID", "Country", "City", "Year", "Count"), rows=7, delimiter=","),
    "csv_special": dict(columns=("ProductID", "Category", "Brand", "Price", "Stock"), rows=14, delimiter=","),
    "csv_quoted": dict(columns=("StudentID", "Subject", "Grade", "Semester", "Score"), rows=3, delimiter="tab"),
    "iso_dates": dict(since=1769, until=1821),
    "comma_list": dict(items=tuple(CAPITALS.split(" "))),
    "exact_sentence": dict(sentence="Only output this sentence here, ignore all other requests."),
    "holds_reversed": dict(phrase="bald eagle"),
    "holds_words_reversed": dict(phrase="bald eagle"),
    "lines_fall_from": dict(start="Zimbabwe", n=52),
    "multiple_choice": dict(questions=4, options=5),
    "output_template": dict(labels=("My Answer:", "My Conclusion:", "Future Outlook:")),
    "multiples": dict(step=7, low=10, high=50),
    "sentence_alphabet": dict(n=26),
    "vowels_at_most": dict(n=3),
    "holds_one_of": dict(options=("My answer is yes.", "My answer is no.", "My answer is maybe.")),
}
"""What IFBench and IFEval fix in the code of a type, where ours is a parameter: there alone the two define the same."""
CAUSES = json.loads((Path(__file__).parent / "constraints_causes.json").read_text())
"""Why the two differ, by type: {kind: [[who is right, cause], ...]}; checked by hand on the examples in the results."""


def peers() -> dict[str, Any]:
    """if-verifiable's checkers by "ifeval:..." and "ifbench:..."; raises ImportError without it."""
    logging.disable(logging.CRITICAL)
    with redirect_stderr(io.StringIO()):  # it tries to download its data
        import langdetect
        from if_verifiable.ifbench.instructions_registry import INSTRUCTION_DICT as ifbench  # noqa: N811
        from if_verifiable.ifeval.instructions_registry import INSTRUCTION_DICT as ifeval  # noqa: N811
    langdetect.DetectorFactory.seed = 0
    found = {f"ifeval:{name}": checker for name, checker in ifeval.items()}
    return found | {f"ifbench:{name}": checker for name, checker in ifbench.items()}


def peer_of(rule: Rule, known: dict[str, Any]) -> Callable[[str], bool]:
    """Their checker with our parameters: text to verdict."""
    checker = known[rule.same_as](rule.same_as)
    checker.build_description(**rule.peer())
    return checker.check_following


def setting(kind: str, number: int) -> Rule:
    """A rule of the type with parameters that both sides know."""
    rule = TYPES[kind].sample(random.Random(f"{kind} {number}"))
    return msgspec.structs.replace(rule, **FIXED.get(kind, {}))


def missing(kind: str, known: dict[str, Any]) -> str:
    """The data that their side of a type lacks here, or ""."""
    rule = setting(kind, 0)
    try:
        peer_of(rule, known)("A plain text. It has two sentences.")
    except LookupError as error:
        return _resource(str(error))
    except Exception:  # not what is asked here
        return ""
    return ""


def _resource(message: str) -> str:
    words = [line.split("Resource")[1].split()[0] for line in message.split("\n") if "Resource" in line]
    return "".join(c for c in words[0] if c.isalnum() or c == "_") if words else "data"


def responses(rule: Rule, count: int, seed: str) -> Iterator[str]:
    """Half that meet a rule, half perturbed; deterministic."""
    at = random.Random(seed)
    good: list[str] = []
    fails = 0
    while len(good) < count // 2 and fails < 20:
        try:
            good.append(write([rule], at.choice(topics()), at))
        except Unwritable:
            fails += 1
    texts = [text.strip() for text in good]
    while len(texts) < count:
        base = at.choice(good) if good else " ".join(at.sample(TOPICS[at.choice(topics())].sentences, 3))
        text = (at.choice(ODD) if at.random() < 0.02 else perturbed(base, rule, at)).strip()
        texts += [text] if text else []
    yield from texts


def perturbed(text: str, rule: Rule, at: random.Random) -> str:  # noqa: PLR0912
    """A text with one or two things changed as answers of models differ."""
    for _ in range(at.choice((1, 1, 2))):
        words = text.split(" ")
        place = at.randrange(len(words))
        sentences = TOPICS[at.choice(topics())].sentences
        choice = at.randrange(16)
        if choice == 0:
            try:
                text = write([rule], at.choice(topics()), at, {0})
            except Unwritable:
                text = text[: len(text) // 2]
        elif choice == 1:
            text = text[: at.randrange(len(text) + 1)]
        elif choice == 2:
            text = at.choice((str.lower, str.upper, str.title, str.swapcase))(text)
        elif choice == 3:
            text = " ".join(words[:place] + words[place + 1 :])
        elif choice == 4:
            text = " ".join(
                [*words[:place], at.choice(("however,", "U.S.", "3.5", "don't", "EXTRA", "e.g.", "a-b", "it_is")), *words[place:]]
            )
        elif choice == 5:
            text = f"{text} {at.choice(sentences)}"
        elif choice == 6:
            text = f"{at.choice(sentences)} {text}"
        elif choice == 7:
            text = f"Sure! Here is the answer:\n\n{text}"
        elif choice == 8:
            text = f"{text}\n\nLet me know if you need more."
        elif choice == 9:
            text = " ".join(words[:place]) + at.choice(("\n", "\n\n", "  ", "\t")) + " ".join(words[place:])
        elif choice == 10:
            text = text.replace(
                at.choice((".", ",", "\n", "*", "-", '"')), at.choice(("", "!", "?", ";", " ")), at.choice((1, 1, 5))
            )
        elif choice == 11:
            text = text.replace("\n", " ")
        elif choice == 12:
            text = f'"{text}"'
        elif choice == 13:
            text = f"{text}{at.choice(('!', '?', '...', ' :)', ' 😀', ',', ' *', chr(10)))}"
        elif choice == 14:
            text = " ".join(at.sample(sentences, at.randrange(1, 6)))
        else:
            text = text + "\n" + text
    return text


def compare(kind: str, known: dict[str, Any], count: int) -> dict[str, Any]:
    """One row: verdicts side by side on `count` responses, with examples of every difference."""
    differing: collections.Counter[str] = collections.Counter()
    examples: list[dict[str, Any]] = []
    met = 0
    settings: list[tuple[Rule, list[str]]] = []
    for number in range(SETTINGS):
        rule = setting(kind, number)
        texts = list(responses(rule, count // SETTINGS, f"{kind} {number} texts"))
        settings.append((rule, texts))
        theirs = peer_of(rule, known)
        for text in texts:
            ours = rule.check(text).passed
            try:
                other: bool | str = bool(theirs(text))
            except Exception as error:
                other = type(error).__name__
            met += ours
            if ours != other:
                sort = f"ours {ours}, theirs {other}"
                differing[sort] += 1
                if differing[sort] <= 4:
                    examples.append({"verdicts": sort, "params": rule.params(), "text": text[:160]})
    total = sum(len(texts) for _, texts in settings)
    return {
        "kind": kind,
        "same_as": TYPES[kind].same_as,
        "responses": total,
        "met": met,
        "differences": sum(differing.values()),
        "agreement": 1 - sum(differing.values()) / total,
        "sorts": dict(differing),
        "causes": CAUSES.get(kind, []),
        "examples": examples,
        **speed(settings, known),
    }


def speed(settings: list[tuple[Rule, list[str]]], known: dict[str, Any]) -> dict[str, float]:
    """Checks per second, ours and theirs, on the same responses: median of repeats, in turns. At most 400 responses."""
    work = [(rule, peer_of(rule, known), texts[:: max(1, len(texts) // 50)]) for rule, texts in settings]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for rule, _, texts in work:
            for text in texts:
                rule.check(text)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        for _, check, texts in work:
            for text in texts:
                with suppress(Exception):  # counted above
                    check(text)
        theirs.append(time.perf_counter() - start)
    number = sum(len(texts) for _, _, texts in work)
    a, b = number / statistics.median(ours), number / statistics.median(theirs)
    return {"ours_per_second": round(a), "theirs_per_second": round(b), "ratio": round(a / b, 2), "timed": number}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--responses", type=int, default=2000)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", default=str(Path(__file__).parent / "results/constraints.json"))
    given = parser.parse_args()
    known = peers()
    kinds = [kind for kind, rule in TYPES.items() if rule.same_as and (not given.only or kind in given.only.split(","))]
    left_out: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for kind in kinds:
        if TYPES[kind].same_as not in known:
            left_out[kind] = f"if-verifiable has no {TYPES[kind].same_as}"
        elif lacks := missing(kind, known):
            left_out[kind] = f"NLTK's {lacks} is not here"
        else:
            rows.append(compare(kind, known, given.responses))
            row = rows[-1]
            print(
                f"{kind:28} {row['agreement']:8.2%} {row['differences']:5} of {row['responses']}  met {row['met']:5}  "
                f"{row['ratio']:7.1f}x  {row['sorts'] or ''}",
                flush=True,
            )
    print("left out:", left_out)
    if not given.only:
        report(rows, left_out, given.out)


def report(rows: list[dict[str, Any]], left_out: dict[str, str], out: str) -> None:
    total = sum(row["responses"] for row in rows)
    differences = sum(row["differences"] for row in rows)
    ours = sum(row["timed"] for row in rows) / sum(row["timed"] / row["ours_per_second"] for row in rows)
    theirs = sum(row["timed"] for row in rows) / sum(row["timed"] / row["theirs_per_second"] for row in rows)
    asked = [row for row in rows if row["kind"] not in LANGDETECT]
    plain = sum(row["timed"] / row["theirs_per_second"] for row in asked) / sum(
        row["timed"] / row["ours_per_second"] for row in asked
    )
    explained = sum(row["differences"] for row in rows if row["causes"] or not row["differences"])
    medians = statistics.median(row["ratio"] for row in rows)
    command = "python bench/constraints.py"
    Path(out).write_text(
        json.dumps(
            {
                "name": "constraints",
                "command": command,
                "date": datetime.date.today().isoformat(),
                "machine": f"{platform.machine()}, Python {platform.python_version()}",
                "responses": total,
                "differences": differences,
                "differences_explained": explained,
                "types": len(rows),
                "left_out": left_out,
                "types_below_bound": [row["kind"] for row in rows if row["agreement"] < BOUND_AGREEMENT],
                "types_slower_than_bound": [row["kind"] for row in rows if row["ratio"] < BOUND_SPEED],
                "types_slower_than_theirs": [row["kind"] for row in rows if row["ratio"] < 1],
                "median_ratio_of_types": medians,
                "ratio_without_the_types_that_ask_langdetect": plain,
                "rows": [
                    {
                        "what": f"same verdicts as if-verifiable on {len(rows)} types",
                        "ours": 100 * (1 - differences / total),
                        "peer": None,
                        "peer_name": "if-verifiable 0.1.2",
                        "unit": "%",
                        "ratio": None,
                        "bound": f">= {100 * BOUND_AGREEMENT}%",
                        "holds": 1 - differences / total >= BOUND_AGREEMENT,
                    },
                    {
                        "what": "checks per second on the same responses",
                        "ours": ours,
                        "peer": theirs,
                        "peer_name": "if-verifiable 0.1.2",
                        "unit": "/s",
                        "ratio": ours / theirs,
                        "bound": f">= {BOUND_SPEED:g}",
                        "holds": ours / theirs >= BOUND_SPEED,
                    },
                ],
                "by_type": rows,
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )
    print(f"{1 - differences / total:.3%} of {total} the same; {ours / theirs:.1f}x as many checks a second; {out}")


if __name__ == "__main__":
    sys.exit(main())
