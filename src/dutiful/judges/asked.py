"""A language model as judge: one yes/no question a requirement, and a report of how far that is to be trusted."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dutiful.core import parts
from dutiful.core.judge import Judge
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card, Spec
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Criterion, Episode, Figure, Source, Span, Verdict
from dutiful.kit.agreement import agreement
from dutiful.kit.dialogue import Conversation, Said, answers, score
from dutiful.kit.figures import judged, over_tasks

RULES = "You check answers. You are shown a request, an answer to it, and one requirement. Judge that requirement alone."
ASK = "Requirement: {}\nDoes the answer meet this requirement? Answer {} or {}."
ORDERS = (("Yes", "No"), ("No", "Yes"))
_YES_NO = re.compile(r"\b(yes|no)\b", re.IGNORECASE)


class Question(NamedTuple):
    """One requirement of one answer: what code says of it, and what the judge replied, None for a malformed reply.

    `replies` are those to "Yes or No" and to "No or Yes", votes each.
    """

    name: str
    truth: bool
    replies: tuple[tuple[bool | None, ...], ...]

    @property
    def said(self) -> bool | None:
        """The majority of the replies that could be read; None where there is none."""
        count = Counter(reply for order in self.replies for reply in order)
        return None if count[True] == count[False] else count[True] > count[False]

    @property
    def turned(self) -> bool:
        """Whether the order of the options turned the answer."""
        first, *others = (Counter(order) for order in self.replies)
        return any((first[True] > first[False]) != (other[True] > other[False]) for other in others)


class Asked(Judge):
    """Asks a model about one requirement a call, and compares what it says with what code says.

    by: the spec of the model that judges (`&` in it written `%26`). votes: replies a question and order; from two on they
    are drawn at temperature 0.7. swap: every question is asked twice, with the options in both orders, and a model that says
    the one that comes first cancels out. free: the model answers in words, of at most eight tokens; a reply with neither or
    both of yes and no is asked for again once, and if that cannot be read either it is *unparsed*: counted, never taken for
    a no. Else the model chooses between the two words, and nothing can be unparsed.

    A requirement passes when more replies say yes than no; a tie is *undecided*: it does not pass, has score 0.5, and is
    left out of the agreement. `report` gives, against what code finds of the same answers: accuracy, kappa, false pass
    (share of the wrong ones that are passed), false fail, the shares undecided, unparsed, and turned by the order; and
    accuracy and false pass apart for answers of the judge's own family of models, with a warning. A family is the first word
    of a model's name: its own kind, however large. Needs dialogues, for their requirements.
    """

    card = Card(
        kind="judge",
        name="asked",
        summary="a language model, asked one yes/no question a requirement; reports its agreement with code",
    )

    def __init__(self, by: str = "embedded", votes: int = 1, swap: bool = True, free: bool = False):
        if votes < 1:
            raise ValueError(f"asked: votes is {votes}, expected 1 or more")
        self.by, self.votes, self.swap, self.free = by, votes, swap, free
        self._model: Model | None = None
        self._known: dict[tuple[str, int, str, tuple[str | None, ...]], tuple[Question, ...]] = {}

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        return Verdict.of(*(_criterion(question) for question in self.ask(episode)))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        asked = [(episode, question) for episode in episodes for question in self.ask(episode)]
        decided = [(episode, question) for episode, question in asked if question.said is not None]
        replies = [(e.task.id, float(r is None)) for e, q in asked for order in q.replies for r in order]
        figures = [
            over_tasks("undecided", [(e.task.id, float(q.said is None)) for e, q in asked]),
            over_tasks("unparsed replies", replies),
            *([over_tasks("turned by the order", [(e.task.id, float(q.turned)) for e, q in asked])] if self.swap else []),
        ]
        own = [each for each in decided if family(each[0].model) == family(self.by)]
        other = [each for each in decided if family(each[0].model) != family(self.by)]
        if own:
            warnings.warn(f"{self.spec} judges {len(own)} answers of its own family, {family(self.by)}", stacklevel=2)
        for name, group in (("", decided), ("own family: ", own), ("other families: ", other)):
            if group and not (name and len(group) == len(decided) and group is other):
                figures += _agreed(name, group)
        return figures

    def ask(self, episode: Episode) -> tuple[Question, ...]:
        """Every requirement of every answer, judged; an answer that never came is not asked about. Asked once an episode."""
        given = answers(episode)
        key = (episode.task.id, episode.seed, episode.model, tuple(answer for _, answer in given))
        if key not in self._known:
            self._known[key] = tuple(self._questions(episode, given))
        return self._known[key]

    def _questions(self, episode: Episode, given: Sequence[tuple[Said, str | None]]) -> Iterator[Question]:
        place = Conversation()
        place.reset(episode.task)
        model = self._opened().bind(place, episode.seed)  # a scripted judge looks at the turn; others take no notice
        for number, (turn, answer) in enumerate(given, 1):
            label = f"turn {number}: " if len(given) > 1 else ""
            truths = score(turn, answer or "", label)
            if answer is None:
                yield from (Question(truth.name, False, ((False,),)) for truth in truths)
                continue
            for requirement, truth in zip(requirements(turn), truths, strict=True):
                orders = ORDERS if self.swap else ORDERS[:1]
                replies = tuple(tuple(self._replies(model, turn, answer, requirement, order)) for order in orders)
                yield Question(truth.name, truth.passed, replies)
            place.step(Action(answer))

    def _replies(self, model: Model, turn: Said, answer: str, requirement: str, order: tuple[str, str]) -> Iterator[bool | None]:
        prompt = Prompt(
            (
                Span(Source.SYSTEM, RULES),
                Span(Source.WORLD, f"Request: {turn.text}\nAnswer:"),
                Span(Source.MODEL, answer, role="user"),
                Span(Source.USER, ASK.format(requirement, *order)),
            )
        )
        for vote in range(self.votes):
            sampling = Sampling(max_tokens=8, temperature=0.7 if self.votes > 1 else 0.0, seed=2 * vote)
            if not self.free:
                yield order[model.choose(prompt, order, sampling).index] == "Yes"
                continue
            said = yes_no(model.generate(prompt, sampling).text)
            if said is None:
                again = prompt + (Span(Source.USER, f"Answer with one word: {order[0]} or {order[1]}."),)
                said = yes_no(model.generate(again, sampling.replace(seed=2 * vote + 1)).text)
            yield said

    def _opened(self) -> Model:
        if self._model is None:
            opened: Model = parts.model(self.by)
            self._model = opened
        return self._model

    def close(self) -> None:
        """Closes the model; may be called twice. A later question opens it again."""
        if self._model is not None:
            self._model.close()
            self._model = None


def requirements(turn: Said) -> list[str]:
    """What is asked about an answer: one sentence for each criterion of `kit.dialogue.score`, in that order."""
    asked = [constraint.wording for constraint in turn.constraints]
    if turn.metric == "not_contains":
        asked.append(f"The answer must not mention {' or '.join(turn.reference)}.")
    elif turn.metric:
        asked.append(f"The answer must be right. Right is: {' or '.join(turn.reference)}")
    return asked


def yes_no(text: str) -> bool | None:
    """What a reply says; None if it says neither yes nor no, or both."""
    found = {word.lower() for word in _YES_NO.findall(text)}
    return found == {"yes"} if len(found) == 1 else None


def family(model: str) -> str:
    """The family of a model by its spec: the first word of its name, without size and version.

    >>> family("openai/org/Qwen2.5-7B?base_url=..."), family("embedded?adapter=home"), family("writer?judges=0.9+cache")
    ('qwen', 'smollm', 'writer')
    """
    path = Spec.parse(model.split("+", maxsplit=1)[0]).path if model else ""
    name, _, variant = path.partition("/")
    word = re.match(r"[a-z]+", variant.rpartition("/")[2].lower())
    return word[0] if word else {"embedded": "smollm"}.get(name, name)


def _criterion(question: Question) -> Criterion:
    count = Counter(reply for order in question.replies for reply in order)
    evidence = f"{count[True]} yes, {count[False]} no, {count[None]} unparsed"
    if question.said is None:
        return Criterion(question.name, False, 0.5, f"undecided: {evidence}")
    return Criterion(question.name, question.said, float(question.said), evidence)


def _agreed(name: str, group: Sequence[tuple[Episode, Question]]) -> list[Figure]:
    truth, said = [q.truth for _, q in group], [bool(q.said) for _, q in group]
    found = agreement(truth, said, [episode.task.id for episode, _ in group])
    wrong = truth.count(False)
    figures = [
        Figure(f"{name}accuracy", *found.accuracy, found.n),
        Figure(f"{name}kappa", *found.kappa, found.n),
        Figure(f"{name}false pass", *found.false_pass, wrong),
        Figure(f"{name}false fail", *found.false_fail, found.n - wrong),
    ]
    return [each for each in figures if each.n]


__all__ = ["Asked", "Question", "family", "requirements", "yes_no"]
