"""Questions with passages whose answers must also obey one to four format rules."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.kit.answers import best
from dutiful.kit.constraints import TYPES, Rule
from dutiful.kit.constraints.conflicts import conflict
from dutiful.kit.constraints.steer import finish_all
from dutiful.kit.dialogue import Said
from dutiful.worlds.rag.corpus import SPLITS, Corpus, Question
from dutiful.worlds.rag.facts import Facts

KINDS = (
    "keywords", "keyword_at_least", "forbidden_words", "letter_at_least", "words_at_least", "words_at_most",
    "sentences_at_least", "sentences_at_most", "paragraphs_exactly", "paragraph_starts_with", "bullets_exactly",
    "highlights_at_least", "sections", "title", "placeholders_at_least", "json_answer", "repeats_first",
    "in_quotation_marks", "ends_with", "postscript", "all_lower", "all_upper", "capital_words_at_least", "no_commas",
)  # fmt: skip
"""Types of the IFEval family that FollowRAG draws from, as far as the registry has them."""
LEVELS = (1,) * 9 + (2,) * 9 + (3,) * 5 + (4,) * 5
"""In this proportion FollowRAG has 1, 2, 3 and 4 rules an item: 225, 225, 125 and 125 of 700."""
_DRAFTS = ("{answer}", "The answer is {answer}.", "{answer} is what the search results say.")
_TRIES = 200


class RagRules(Facts):
    """`rag/facts` with typed rules: an answer must be right and obey. level: how many rules, 1 to 4, or 0 for a mixture.

    The rules follow the question in the user's own turn, so they stand before the passages or after them as the agent's view
    lays it out (`layout`). Every task is kept only with a gold answer that code finds right by the reference and by every rule.
    The other parameters are those of rag/facts. In the turn's tags: `rules`, how many there are. Source: FollowRAG (arXiv
    2410.09584), whose rules these are in kind and number; corpus, wordings and parameters are our own.
    """

    card = Card(
        kind="world",
        name="rag/rules",
        system="094",
        summary="questions with passages whose answers must also obey one to four format rules",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        needs=("rag",),
        source="arXiv 2410.09584 (kinds and numbers of rules)",
    )
    rules = "Answer the question from the search results, and keep to every rule that the user gives."

    def __init__(
        self,
        level: int = 0,
        k: int = 4,
        retriever: str = "bm25",
        encoder: str = "embedded",
        metric: str = "recall_em",
        patience: int = 0,
    ):
        if not 0 <= level <= 4:
            raise SpecError(f"rag/rules: level={level}, expected 1 to 4 rules, or 0 for a mixture")
        super().__init__(k, retriever, encoder, metric, patience)
        self.level = level

    def _turn(self, known: Corpus, question: Question, shown: Sequence[int], number: int) -> Said:
        plain = super()._turn(known, question, shown, number)
        random = Random(f"rag/rules/{known.split}/{number}/{self.level}")
        rules, gold = draw(plain, self.level or LEVELS[number % len(LEVELS)], random)
        place = SPLITS.index(known.split)
        constraints = tuple(rule.constraint(_wording(rule, place)) for rule in rules)
        asked = " ".join(constraint.wording for constraint in constraints)
        tags = {**plain.tags, "rules": len(rules), "question": plain.text}
        return plain.replace(text=f"{plain.text} {asked}", constraints=constraints, gold=gold, tags=tags)


def draw(turn: Said, level: int, random: Random) -> tuple[list[Rule], str]:
    """So many rules of different types that go together, and an answer that is right and obeys them all."""
    for _ in range(_TRIES):
        kinds = random.sample(KINDS, level)
        rules = [TYPES[kind].sample(random) for kind in kinds if kind != "repeats_first"]
        if "repeats_first" in kinds:
            rules.append(TYPES["repeats_first"](turn.text))  # type: ignore[call-arg]
        gold = "" if conflict(rules) else proof(turn, rules, random)
        if gold and not all(rule.check("").passed for rule in rules):
            return rules, gold
    raise SpecError(f"no {level} rules were found in {_TRIES} draws that an answer to {turn.text!r} can obey")


def proof(turn: Said, rules: Sequence[Rule], random: Random) -> str:
    """An answer that is right by the turn's metric and obeys all the rules, or "": short drafts, mended and finished."""
    finish = finish_all(rules)
    for reference in turn.reference:
        for draft in _DRAFTS:
            text = draft.format(answer=reference)
            for _ in range(3):
                text = _mended(text, rules, random)
                end = finish(text)
                text += end or ""
                if all(rule.check(text).passed for rule in rules) and best(turn.metric, text, turn.reference) >= turn.threshold:
                    return text
    return ""


def _mended(text: str, rules: Sequence[Rule], random: Random) -> str:
    for rule in rules:
        if not rule.check(text).passed:
            try:
                text = rule.mend(text, random)
            except ValueError:  # not from this text; the next draft may do
                return text
    return text


def _wording(rule: Rule, place: int) -> int:
    """Train, validation and test take wordings of their own, where a type has three; else the last is kept for test."""
    last = len(rule.wordings) - 1
    return min(place, last) if last >= 2 else last if place == 2 else 0
