"""All kinds of marks, and how many sentences of each kind there are."""

from __future__ import annotations

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import suited
from dutiful.kit.constraints.joints import close, follow
from dutiful.kit.constraints.punctuation.marks import ending
from dutiful.kit.constraints.text import chinese, sentence_spans


class AllMarks(Rule, frozen=True):
    """Full stop, comma, semicolon, colon, question mark, exclamation mark and the two together, "?!"."""

    kind, family, category, subtype = "all_marks", "punctuation", "content", "punctuation"
    same_as = "ifbench:count:punctuation"
    wordings = (
        "Use every standard punctuation mark at least once, with semicolons, colons and the interrobang (?!).",
        "All of . , ; : ? ! and ?! must appear in the answer.",
        "Make sure that each standard punctuation mark occurs, the interrobang (?!) included.",
    )

    def _missing(self, text: str) -> list[str]:
        missing = [] if "?!" in text or "!?" in text or "‽" in text else ["?!"]
        rest = text.replace("?!", "", 1)
        rest = text.replace("!?", "", 1) if rest == text else rest
        return missing + [mark for mark in ".,!?;:" if mark not in rest]

    def check(self, text: str) -> Finding:
        missing = self._missing(text)
        return Finding(not missing, f"missing: {' '.join(missing)}" if missing else "every mark occurs")

    def finish(self, text: str) -> str | None:
        if not self._missing(text):
            return ""
        joint = "" if not text else " "
        return joint + "Is that so?! Yes, it is; see for yourself: it works! Does it help? It does."


def _kinds(text: str) -> tuple[int, int, int]:
    """How many sentences end with a full stop, a question mark and an exclamation mark."""
    ends = [ending(text[start:end])[-1:] for start, end in sentence_spans(text)]
    return (
        sum(end in (".", "。") for end in ends if end),
        sum(end in ("?", "？") for end in ends if end),
        sum(end in ("!", "！") for end in ends if end),
    )


class StatementsToQuestions(Rule, frozen=True):
    """Two statements for each question. A text with neither keeps no ratio; IFBench lets it pass."""

    kind, family, category, subtype = "statements_to_questions", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    same_as = "ifbench:ratio:sentence_type"
    wordings = (
        "Write two statements for every question.",
        "The ratio of declarative to interrogative sentences must be 2:1.",
        "Make sure that there are exactly twice as many statements as questions.",
    )
    wordings_zh = (
        "陈述句的数量正好是疑问句的两倍。",
        "每写两个陈述句，就写一个疑问句。",
    )

    def check(self, text: str) -> Finding:
        said, asked, _ = _kinds(text)
        return Finding(said == 2 * asked and asked > 0, f"{said} statements and {asked} questions, 2:1 asked for")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        said, asked, _ = _kinds(text + close(text))
        plain, wondered = suited(text, "It works well.", "这样很好。"), suited(text, "Does that help?", "这样好吗？")
        new = [plain] * max(2 * asked - said, 0)
        said += len(new)
        if said > 2 * asked or not asked:
            odd = said % 2 or (2 if not said else 0)
            new += [suited(text, "That helps.", "没有问题。")] * odd
            new += [wondered] * ((said + odd) // 2 - asked)
        return follow(text, *new)


_ENGLISH = ("It works well.", "Does that help?", "That helps!")
_CHINESE = ("这样很好。", "这样好吗？", "这样真好！")


class BalancedSentences(Rule, frozen=True):
    """As many statements as questions as exclamations. A text with none keeps no balance; IFBench lets it pass."""

    kind, family, category, subtype = "balanced_sentences", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    same_as = "ifbench:ratio:sentence_balance"
    wordings = (
        "Write as many statements as questions and as exclamations.",
        "Declarative, interrogative and exclamatory sentences must occur equally often.",
        "Make sure that the numbers of statements, questions and exclamations are the same.",
    )
    wordings_zh = (
        "陈述句、疑问句和感叹句一样多。",
        "陈述句、疑问句、感叹句三种句子的数量必须相等。",
    )

    def check(self, text: str) -> Finding:
        said, asked, called = _kinds(text)
        evidence = f"{said} statements, {asked} questions and {called} exclamations, equally many asked for"
        return Finding(said == asked == called > 0, evidence)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        kinds = _kinds(text + close(text))
        most = max(1, *kinds)
        new = [[each] * (most - count) for each, count in zip(_ENGLISH if not chinese(text) else _CHINESE, kinds, strict=True)]
        return follow(text, *(each for group in new for each in group))


__all__ = ["AllMarks", "BalancedSentences", "StatementsToQuestions"]
