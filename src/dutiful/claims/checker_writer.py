"""A scripted "language model" that writes checkers, some of them wrong: for the claim followrag.

It knows what an instruction asks for (by `kit.constraints.parse`), writes one of several right functions for it or, at a stated
rate, one of several wrong ones, and three cases, whose labels it gets wrong at another rate. It reads the prompt and nothing
else; the draws follow from the prompt, so every version is another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.prompt import Prompt
from dutiful.kit.constraints import Rule
from dutiful.kit.constraints import rule as rule_of
from dutiful.kit.constraints.parse import parse
from dutiful.kit.constraints.writer import Unwritable, topics, write


class Bodies(NamedTuple):
    """What may stand after `return` in evaluate(response), over the rule's parameters as P."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]


_SENTENCES = "len([s for s in re.split(r'[.!?]+', response) if s.strip()])"
_SPLIT = "sum(1 for s in re.split('[.!?]', response) if s.strip())"
_PHRASE = "P['phrase']"
_LINES = "len(response.split('\\n'))"
_WORDS = "len(response.split())"
_FOUND = 'len(re.findall(r"[A-Za-z0-9]+(?:[\'’-][A-Za-z0-9]+)*", response))'
_BULLETS = "sum(line.strip().startswith(('* ', '- ')) for line in response.split('\\n'))"
_COUNT = "len(re.findall(r'\\b' + re.escape(P['word']) + r'\\b', response, re.IGNORECASE))"

BODIES: Mapping[str, Bodies] = {
    "words_at_most": Bodies(
        (f"{_WORDS} <= P['n']", f"{_FOUND} <= P['n']", f"not {_WORDS} > P['n']"),
        (f"{_WORDS} < P['n']", "len(response) <= P['n']", f"{_WORDS} >= P['n']", f"{_WORDS} <= P['n'] + 5"),
    ),
    "words_at_least": Bodies(
        (f"{_WORDS} >= P['n']", f"{_FOUND} >= P['n']", f"not {_WORDS} < P['n']"),
        (f"{_WORDS} > P['n']", "len(response) >= P['n']", f"{_WORDS} <= P['n']", f"{_WORDS} >= P['n'] - 5"),
    ),
    "sentences_at_most": Bodies(
        (f"0 < {_SENTENCES} <= P['n']", f"0 < {_SPLIT} <= P['n']"),
        (f"{_SENTENCES} < P['n']", "response.count(',') <= P['n']", f"{_SENTENCES} >= P['n']", f"{_LINES} <= P['n']"),
    ),
    "sentences_at_least": Bodies(
        (f"{_SENTENCES} >= P['n']", f"{_SPLIT} >= P['n']"),
        (f"{_SENTENCES} > P['n']", f"{_WORDS} >= P['n']", f"{_SENTENCES} <= P['n']", f"{_LINES} >= P['n']"),
    ),
    "no_commas": Bodies(
        ("',' not in response", "response.count(',') == 0", "all(c != ',' for c in response)"),
        ("'.' not in response", "response.count(',') <= 1", "',' in response", "not response.endswith(',')"),
    ),
    "all_lower": Bodies(
        ("response == response.lower()", "not any(c.isupper() for c in response)", "not re.search('[A-Z]', response)"),
        ("response[:1].islower()", "response == response.upper()", "any(c.islower() for c in response)", "True"),
    ),
    "all_upper": Bodies(
        ("response == response.upper()", "not any(c.islower() for c in response)", "not re.search('[a-z]', response)"),
        ("response[:1].isupper()", "response == response.lower()", "any(c.isupper() for c in response)", "response.istitle()"),
    ),
    "ends_with": Bodies(
        (
            "response.strip().lower().endswith(P['phrase'].lower())",
            "response.rstrip()[-len(P['phrase']):].casefold() == P['phrase'].casefold()",
        ),
        (
            f"{_PHRASE} in response",
            f"response.startswith({_PHRASE})",
            "response[-1:] == '.'",
            f"not response.endswith({_PHRASE})",
        ),
    ),
    "starts_with": Bodies(
        ("response.strip().startswith(P['phrase'])", "response.lstrip()[:len(P['phrase'])] == P['phrase']"),
        (f"{_PHRASE} in response", f"response.endswith({_PHRASE})", "response.istitle()", f"not response.startswith({_PHRASE})"),
    ),
    "keywords": Bodies(
        (
            "all(re.search(r'\\b' + re.escape(w) + r'\\b', response, re.IGNORECASE) for w in P['words'])",
            "all(w.lower() in response.lower() for w in P['words'])",
        ),
        (
            "any(w.lower() in response.lower() for w in P['words'])",
            "P['words'][0].lower() in response.lower()",
            "not any(w.lower() in response.lower() for w in P['words'])",
            "all(response.startswith(w) for w in P['words'])",
        ),
    ),
    "forbidden_words": Bodies(
        (
            "not any(re.search(r'\\b' + re.escape(w) + r'\\b', response, re.IGNORECASE) for w in P['words'])",
            "not set(re.findall(r'\\w+', response.lower())) & {w.lower() for w in P['words']}",
        ),
        (
            "any(w.lower() in response.lower() for w in P['words'])",
            "not all(w.lower() in response.lower() for w in P['words'])",
            "P['words'][0].lower() not in response.lower()",
            "not response.startswith(P['words'][0])",
        ),
    ),
    "keyword_at_least": Bodies(
        (f"{_COUNT} >= P['n']", f"not {_COUNT} < P['n']"),
        (f"{_COUNT} > P['n']", "P['word'].lower() in response.lower()", f"{_COUNT} <= P['n']", "response.count(' ') >= P['n']"),
    ),
    "bullets_exactly": Bodies(
        (f"{_BULLETS} == P['n']", "len(re.findall(r'^\\s*[*-] ', response, re.MULTILINE)) == P['n']"),
        (f"{_BULLETS} >= P['n']", "response.count('-') == P['n']", f"{_BULLETS} == P['n'] + 1", f"{_BULLETS} > 0"),
    ),
    "in_quotation_marks": Bodies(
        (
            "len(response) > 1 and response.strip()[:1] == response.strip()[-1:] == '\"'",
            "re.fullmatch(r'\\s*\".*\"\\s*', response, re.DOTALL) is not None",
        ),
        ("'\"' in response", "response.startswith('\"')", "response.startswith(\"'\")", "response.count('\"') == 0"),
    ),
    "title": Bodies(
        ("re.search(r'<<[^>\\n]+>>', response) is not None", "bool(re.findall(r'<<.+?>>', response))"),
        ("'<' in response and not '<<' in response", "response.startswith('#')", "response.startswith('<<')", "'[[' in response"),
    ),
    "placeholders_at_least": Bodies(
        ("len(re.findall(r'\\[.+?\\]', response)) >= P['n']", "len(re.findall(r'\\[[^\\]]+\\]', response)) >= P['n']"),
        ("response.count('[') > P['n']", "response.count('(') >= P['n']", "'[' in response", "'[' not in response"),
    ),
}  # fmt: skip
"""Right and wrong functions for each type that the writer knows."""

MUTATIONS: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text} indeed",
    lambda text: " ".join(text.split(" ")[:-1]) or text,
    str.lower,
    str.upper,
    lambda text: text.replace(".", ",", 1),
    lambda text: f"Well, {text}",
    lambda text: f"{text}\n- one more point",
    lambda text: f"{text} And so it is.",
    lambda text: text[1:] or text,
    lambda text: text[:-1] or text,
)


class Writer:
    """Replies to the prompts of the teacher vifrag for a checker. wrong: the rate of wrong functions; slips: of wrong labels."""

    def __init__(self, wrong: float = 0.3, slips: float = 0.1):
        self.wrong, self.slips = wrong, slips

    def __call__(self, prompt: Prompt) -> str:
        match = re.search(r"Instruction: (.*)\nWrite a Python function", prompt.text)
        found = parse(match[1]) if match else []
        if not found:
            return "I do not know how."
        rule = rule_of(found[0].constraint)
        random = Random(f"writer/{prompt.text}")
        bodies = BODIES[rule.kind]
        body = random.choice(bodies.wrong if random.random() < self.wrong else bodies.right)
        texts = examples(rule, random, 3)
        labels = [rule.check(text).passed != (random.random() < self.slips) for text in texts]
        cases = [{"input": text, "output": random.choice((str(x), x))} for text, x in zip(texts, labels, strict=True)]
        name = f"verdict_{random.randrange(10**6)}"  # no two replies of a model are word for word the same
        code = f"import re\nP = {rule.params()!r}\ndef evaluate(response):\n    {name} = bool({body})\n    return {name}\n"
        return f"Here it is.\n```json\n{json.dumps({'func': code, 'cases': cases})}\n```"


def examples(rule: Rule, random: Random, n: int) -> list[str]:
    """Answers to try a checker on: in turn one that obeys, one that does not, and one close to the border."""
    texts: list[str] = []
    while len(texts) < n:
        which = len(texts) % 3
        try:
            text = write([rule], random.choice(topics("train")), random, broken={0} if which == 1 else frozenset())
        except Unwritable:
            text = write([], random.choice(topics("train")), random)
        if which == 2:
            text = near(rule, text, random) if random.random() < 0.6 else random.choice(MUTATIONS)(text)
        texts.append(text)
    return texts


def near(rule: Rule, text: str, random: Random) -> str:
    """An answer that just obeys, or just does not: one more or less of what is counted, what is asked for in a wrong place."""
    params, plain = rule.params(), write([], random.choice(topics("train")), random)
    count = max(1, params.get("n", 2) + random.choice((-1, 0, 0, 1)))
    phrase, listed = params.get("phrase", ""), params.get("words", ())
    some = random.sample(listed, random.randint(0, len(listed)))
    lines: dict[str, Sequence[str]] = {
        "words": (" ".join((plain.split() * 20)[:count]),),
        "sentences": (" ".join(["It rains."] * count),),
        "bullets": ("\n".join([f"{random.choice('*-')} point"] * count),),
        "placeholders": (f"{plain} {' '.join(['[name]'] * count)}",),
        "keyword": (f"{plain} {' '.join([params.get('word', '')] * count)}",),
        "keywords": (f"{plain} {' '.join(some)}".strip(),),
        "forbidden": (f"{plain} {' '.join(some)}".strip(),),
        "starts": (f"{phrase} {plain}", f"{plain} {phrase}", f"So. {phrase} {plain}"),
        "ends": (f"{phrase} {plain}", f"{plain} {phrase}", f"{plain} {phrase} So."),
        "in": (f'"{plain}', f'{plain}"', f'So "{plain}" he said', f"'{plain}'"),
        "title": (f"<{plain[:9]}> {plain}", f"<< {plain}", f"{plain} <<End>>", f"[[{plain[:9]}]] {plain}"),
    }
    return random.choice(lines.get(rule.kind.split("_")[0]) or (random.choice(MUTATIONS)(text),))
