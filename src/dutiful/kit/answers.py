"""Comparing an answer with references: normalising, overlap, sets. Every metric is a number from 0 to 1."""

from __future__ import annotations

import json
import math
import re
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from dutiful.core.errors import UnknownPart
from dutiful.core.records import Json
from dutiful.kit import rescue
from dutiful.kit.diversity import longest_common

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WORDS = re.compile(r"\w+")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, without punctuation, articles and extra space (the usage of SQuAD)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def overlap(answer: str, reference: str) -> tuple[int, int, int]:
    """(shared, answer, reference): normalised tokens, shared ones as a multiset."""
    a, b = normalise(answer).split(), normalise(reference).split()
    return sum((Counter(a) & Counter(b)).values()), len(a), len(b)


def exact(answer: str, reference: str) -> float:
    """1 when the normalised texts are equal; a reference that normalises to nothing ("A", "?") is compared as it stands."""
    plain = normalise(reference)
    return float(normalise(answer) == plain if plain else answer.strip().lower() == reference.strip().lower())


def contains(answer: str, reference: str) -> float:
    """1 when the reference stands in the answer, letter case aside."""
    return float(reference.lower() in answer.lower())


def f1(answer: str, reference: str) -> float:
    """Harmonic mean of token precision and recall."""
    shared, a, b = overlap(answer, reference)
    return 2 * shared / (a + b) if shared else 0.0


def precision(answer: str, reference: str) -> float:
    """The share of the answer's tokens that the reference has."""
    shared, a, _ = overlap(answer, reference)
    return shared / a if a else 0.0


def recall(answer: str, reference: str) -> float:
    """The share of the reference's tokens that the answer has: a long answer loses nothing."""
    shared, _, b = overlap(answer, reference)
    return shared / b if b else 0.0


def recall_em(answer: str, reference: str) -> float:
    """1 when the normalised reference stands in the normalised answer; never for one that normalises to nothing."""
    plain = normalise(reference)
    return float(bool(plain) and plain in normalise(answer))


def rouge_l(answer: str, reference: str) -> float:
    """F1 over the longest common subsequence of words in lower case. Source: Lin 2004, ROUGE-L with beta 1."""
    a, b = _WORDS.findall(answer.lower()), _WORDS.findall(reference.lower())
    shared = longest_common(a, b)
    return 2 * shared / (len(a) + len(b)) if shared else 0.0


def k_precision(answer: str, knowledge: str, said: str = "") -> float:
    """The share of the answer's tokens that the knowledge has. With `said` (question, history), its tokens are left out of the
    answer first (K-Precision++). 1 where nothing is left to support.

    Source: arXiv 2307.16877.
    """
    asked = set(normalise(said).split())
    tokens = [token for token in normalise(answer).split() if token not in asked]
    if not tokens:
        return 1.0
    return sum((Counter(tokens) & Counter(normalise(knowledge).split())).values()) / len(tokens)


def first_word(answer: str, reference: str) -> float:
    """1 when the answer, or its first word, is the reference, letter case and punctuation around it aside.

    So "No." and "no, it is not" are "no", and "nothing" is not. Source: verbalizer manipulation (arXiv 2307.10558).
    """
    words, wanted = _WORDS.findall(answer.lower()), _WORDS.findall(reference.lower())
    return float(bool(words) and (words == wanted or words[:1] == wanted))


def after_answer(answer: str, reference: str) -> float:
    """1 when what follows the last "Answer:" on its line, without punctuation at its end, is the reference.

    Source: MultiTurnInstruct (arXiv 2503.13222).
    """
    _, found, rest = answer.rpartition("Answer:")
    line = rest.strip().split("\n", maxsplit=1)[0]
    return float(bool(found) and line.rstrip(" .!?;,") == reference)


def listed(text: str) -> set[str]:
    """The members of a list as answers give it: "Labels: red, blue." is {red, blue}, "none" is {none}, "" is empty."""
    items = text.rpartition(":")[2].strip().rstrip(".").split(", ")
    return {item.strip().lower() for item in items if item.strip()}


def iou(answer: str, reference: str) -> float:
    """Shared members of two lists over all members of either; 1 where both are empty. Source: arXiv 2503.13222."""
    a, b = listed(answer), listed(reference)
    return len(a & b) / len(a | b) if a | b else 1.0


def bleu(answer: str, reference: str, orders: int = 4) -> float:
    """Sentence BLEU over words in lower case.

        min(1, exp(1 - r/c)) (p_1 ... p_N)^(1/N)    c, r: words of answer and reference, p_n: clipped n-gram precision

    N is `orders`, or fewer where either text is shorter; a p_n without a match counts 0.1 of one. Source: Papineni et al. 2002;
    the smoothing is method 1 of Chen and Cherry 2014.
    """
    a, b = answer.lower().split(), reference.lower().split()
    if not set(a) & set(b):
        return 0.0
    logs: list[float] = []
    for n in range(1, min(orders, len(a), len(b)) + 1):
        have, want = (Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1)) for words in (a, b))
        logs.append(math.log((sum((have & want).values()) or 0.1) / have.total()))
    return min(1.0, math.exp(1 - len(b) / len(a))) * math.exp(sum(logs) / len(logs))


def structured_f1(answer: str, reference: str) -> float:
    """F1 over the items of a JSON answer and of the reference, both as sets; 0 for an answer that cannot be read.

    The items of a list are its members, those of an object its (key, value) pairs, with one item for each member of a list
    there. Texts are compared normalised, records inside a list as a whole. Two empty answers agree.
    """
    gold = json.loads(reference)
    found = rescue.json_value(answer, [] if isinstance(gold, list) else {})
    if found.how in ("failed", "null"):
        return 0.0
    have, want = _items(found.value), _items(cast("Json", gold))
    return 2 * len(have & want) / (len(have) + len(want)) if have or want else 1.0


def _items(value: dict[str, Any] | list[Any]) -> set[str]:
    if isinstance(value, list):
        return {json.dumps(_plain(member), sort_keys=True) for member in value}
    return {
        json.dumps([key, _plain(member)], sort_keys=True)
        for key, members in value.items()
        for member in (cast("list[Any]", members) if isinstance(members, list) else [members])
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in cast("Json", value).items()}
    if isinstance(value, list):
        return [_plain(member) for member in cast("list[Any]", value)]
    return normalise(value) if isinstance(value, str) else value


def number(answer: str, reference: str) -> float:
    """1 when the number that the answer comes to (after "Answer:", else its last) is the reference's."""
    found = rescue.number(answer)
    return float(found is not None and found == rescue.number(reference))


def letter(answer: str, reference: str) -> float:
    """1 when the option that the answer comes to (after "Answer:", else the last letter that stands alone) is the reference's."""
    return float(rescue.letter(answer) == reference)


def attributes(answer: str, label: str) -> float:
    """1 when the answer has the attributes that a label asks for ("length 20 30", "topic music"): see `kit.attributes`."""
    from dutiful.kit.attributes import holds

    return float(holds(answer, label))


METRICS: Mapping[str, Callable[[str, str], float]] = {
    "exact": exact,
    "contains": contains,
    "f1": f1,
    "precision": precision,
    "recall": recall,
    "recall_em": recall_em,
    "rouge_l": rouge_l,
    "first_word": first_word,
    "after_answer": after_answer,
    "iou": iou,
    "bleu": bleu,
    "structured_f1": structured_f1,
    "number": number,
    "letter": letter,
    "attributes": attributes,
}


def best(metric: str, answer: str, references: Sequence[str]) -> float:
    """The metric against the reference that fits best, 0 without any; raises UnknownPart for a metric there is not."""
    if metric not in METRICS:
        raise UnknownPart("metric", metric, METRICS)
    return max((METRICS[metric](answer, reference) for reference in references), default=0.0)
