"""Questions about invented facts, with passages that nobody vouches for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from random import Random

from dutiful.core import parts
from dutiful.core.errors import SpecError, UnknownPart
from dutiful.core.model import Model
from dutiful.core.parts import Card
from dutiful.core.records import Task
from dutiful.kit.answers import METRICS, normalise
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.kit.retrieval import BM25, Dense, Retriever, check_bm25
from dutiful.kit.tasks import Lazy
from dutiful.worlds.rag.corpus import SPLITS, Corpus, Question, corpus

RETRIEVERS = ("bm25", "embed", "gold", "irrelevant", "none")
UNKNOWN = ("I don't know", "I do not know", "I cannot answer", "The passages do not say")
"""What counts as saying that the passages hold no answer; the first is what is asked for."""


class Facts(Conversation):
    """One question, k passages, one answer. The question is the user's, the passages are the world's (`Said.context`).

    retriever: "bm25"; "embed" (sentence vectors of the model `encoder`); "gold" (the right passage, at a place drawn by the
    task's seed, among the nearest wrong ones); "irrelevant" (passages that neither state an answer nor name the subject, and the
    right answer is to say so); "none" (no passages). metric: how the answer is compared with the references.

    In the setup, `tags` of the turn say what a judge may want: `answers`, `relevant` (whether the right passage is shown),
    `described` (the subject is not named), and `others`, further questions on the same passage with their answers.
    """

    card = Card(
        kind="world",
        name="rag/facts",
        summary="questions about invented facts, with passages by BM25, by vectors, right ones, irrelevant ones or none",
        capabilities=frozenset({"dialogue", "expert", "snapshot"}),
        needs=("rag",),
    )
    rules = (
        "Answer the question from the search results, in as few words as you can. "
        f"If they do not hold the answer, say: {UNKNOWN[0]}."
    )

    def __init__(
        self, k: int = 4, retriever: str = "bm25", encoder: str = "embedded", metric: str = "recall_em", patience: int = 0
    ):
        if retriever not in RETRIEVERS:
            raise UnknownPart("retriever of rag/facts", retriever, RETRIEVERS)
        if metric not in METRICS:
            raise UnknownPart("metric of rag/facts", metric, METRICS)
        if not 1 <= k <= 20:
            raise SpecError(f"rag/facts: k={k}, expected 1 to 20 passages")
        if retriever in ("bm25", "gold"):
            check_bm25()  # before a run begins, not in each of its episodes
        super().__init__(patience)
        self.k, self.retriever, self.encoder, self.metric = k, retriever, encoder, metric
        self._lock = threading.Lock()  # tasks are made when asked for, by several threads
        self._indices: dict[str, Retriever] = {}
        self._encoder: Model | None = None

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """1,800 questions, with passages found when asked for. Splits: train, validation, test; no fact is in two of them."""
        if split not in SPLITS:
            raise UnknownPart("split of rag/facts", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), len(corpus(split).questions))

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        known = corpus(split)
        question = known.questions[number]
        shown = self._shown(known, question, Random(f"{split}/{number}"))
        turn = self._turn(known, question, shown, number)
        tags = {"retriever": self.retriever, "described": question.described, "relation": question.fact.relation}
        return Dialogue((turn,), tags).task(f"facts/{split}/{number}", self.spec, split, number)

    def _turn(self, known: Corpus, question: Question, shown: Sequence[int], number: int) -> Said:
        context = "\n".join(f"- {known.passages[place].text}" for place in shown)
        reference = UNKNOWN if self.retriever == "irrelevant" else question.fact.answers
        others = [fact for fact in known.passages[question.passage].facts if fact != question.fact]
        tags = {
            "answers": list(question.fact.answers),
            "relevant": question.passage in shown,
            "described": question.described,
            "others": [{"question": known.question(fact), "answers": list(fact.answers)} for fact in others],
        }
        return Said(question.text, context, (), reference, self.metric, gold=reference[0], tags=tags)

    def _shown(self, known: Corpus, question: Question, random: Random) -> list[int]:
        """The places of the passages that go with a question, in the order shown."""
        if self.retriever == "none":
            return []
        if self.retriever == "irrelevant":
            wrong = [normalise(text) for text in (question.fact.subject, *question.fact.answers)]
            strangers = [place for place, text in enumerate(known.plain) if not any(word in text for word in wrong)]
            return random.sample(strangers, self.k)
        found = self._index(known).search(question.text, self.k)
        if self.retriever == "gold":
            found = [place for place in found if place != question.passage][: self.k - 1]
            found.insert(random.randint(0, len(found)), question.passage)
        return found

    def _index(self, known: Corpus) -> Retriever:
        with self._lock:
            if known.split not in self._indices:
                if self.retriever == "embed":
                    encoder = self._encoder = self._encoder or parts.model(self.encoder)
                    self._indices[known.split] = Dense(known.texts, encoder.embed)
                else:
                    self._indices[known.split] = BM25(known.texts)
            return self._indices[known.split]

    def close(self) -> None:
        """Closes the model that embeds, too; tasks that are made later open it again."""
        super().close()
        with self._lock:
            self._indices.clear()
            if self._encoder is not None:
                self._encoder.close()
                self._encoder = None
