"""A memory in chunks: what is finished is shown as one line, what goes on is shown in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dutiful.core.agent import Agent, Memory, Turn
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span

SUMMARISE = Span(
    Source.SYSTEM,
    "You keep the notes of someone who acts step by step. From the steps below you write one line.",
)
ASK = (
    "{}Write one line: what was observed or decided here that will matter later{}. If no action worked, say why. The line alone."
)


class Pair:
    """An action and the observation that came of it, as spans. `aside`: it asked the memory, not the world."""

    def __init__(self, action: Sequence[Span], aside: bool = False):
        self.action, self.observation, self.aside = tuple(action), tuple[Span, ...](), aside

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.action + self.observation


class Chunk:
    """A subgoal, what was done for it, its summary once there is one, and whether it is shown in full again."""

    def __init__(self, goal: str = ""):
        self.goal = goal
        self.pairs: list[Pair] = []
        self.summary: str | None = None
        self.expanded = False

    @property
    def spans(self) -> tuple[Span, ...]:
        """All of it, in the words it had."""
        return tuple(span for pair in self.pairs for span in pair.spans)


class Chunked(Memory):
    """Base of memories in chunks. A chunk's number, from 1, is its id for good; chunk 0 is what was seen before all.

    add(kind, ...) of the paper is `add` (an action with the observation before it) and `open` (a chunk). A turn is kept as the
    paper has it: an observation belongs to the action that it came of, so the one at which a chunk ends is that chunk's last.

        m_t = (o_0, (g_1, s_1), ..., (g_n-1, s_n-1), g_n, (a, o) ... of chunk n)

    `summaries`: "model" has the model write s_i, one line, once for each chunk; "last" takes the last observation (enough where
    every observation shows the whole state); "none" leaves it out. An empty summary becomes the last observation. At most
    `limit` pairs of a chunk are shown, the latest.
    """

    def __init__(self, summaries: str = "model", limit: int = 100):
        if summaries not in ("model", "last", "none") or limit < 1:
            raise ValueError(f"summaries is {summaries!r} and limit {limit}, expected model, last or none, and 1 or more pairs")
        self.summaries, self.limit = summaries, limit

    def begin(self, agent: Agent) -> None:
        super().begin(agent)
        self.chunks = [Chunk()]
        self._ready = -1

    @property
    def shown(self) -> tuple[Span, ...]:
        """The present observation, as the agent is about to see it."""
        return self.agent.view.show(self.agent.episode.observation)

    def add(self, turn: Turn) -> None:
        self.turns.append(turn)
        seen = next((n for n, span in enumerate(turn.spans) if span.source not in (Source.WORLD, Source.USER)), len(turn.spans))
        self._came(turn.spans[:seen])
        self.chunks[-1].pairs.append(Pair(turn.spans[seen:], self.aside(turn)))

    def _came(self, observation: Sequence[Span]) -> None:
        """An observation, to the action that it came of; the very first has none."""
        last = next((chunk.pairs[-1] for chunk in reversed(self.chunks) if chunk.pairs), None)
        if last is None:
            last = Pair(())
            self.chunks[0].pairs.append(last)
        last.observation = tuple(observation)

    def aside(self, turn: Turn) -> bool:
        """Whether a turn asked the memory and not the world: such turns are left out of summaries."""
        return False

    def open(self, goal: str = "") -> None:
        """Begins a chunk and closes the one before; one in which nothing was done yet is only renamed."""
        current = self.chunks[-1]
        if len(self.chunks) > 1 and not current.pairs:
            current.goal = goal
            return
        if len(self.chunks) > 1 or len(current.pairs) > 1:
            current.summary = self._summary(current)
        self.chunks.append(Chunk(goal))

    def _summary(self, chunk: Chunk) -> str:
        seen = self.agent.episode.observation
        last = " ".join(filter(None, (seen.text, seen.said)))
        if self.summaries != "model":
            return last if self.summaries == "last" else ""
        done = [pair for pair in chunk.pairs if not pair.aside]
        steps = tuple(span for pair in done for span in (pair.spans if pair is not chunk.pairs[-1] else pair.action + self.shown))
        asked = ASK.format(*((f"Subgoal: {chunk.goal}. ", ", and whether the subgoal is met") if chunk.goal else ("", "")))
        prompt = Prompt((SUMMARISE, *steps, Span(Source.SYSTEM, asked, role="user")))
        sampling = self.agent.sampling().replace(max_tokens=48, stop=("\n",))
        return self.model.generate(prompt, sampling).text.strip() or last

    def turn_begins(self) -> None:
        """Called once a turn, before the past is shown: the place to open a chunk."""

    def recall(self) -> tuple[Span, ...]:
        if self._ready != len(self.turns):
            self._ready = len(self.turns)
            self.turn_begins()
        return self.render()

    def render(self) -> tuple[Span, ...]:
        """The memory in words: finished chunks by their summaries, but for the expanded ones, the last one in full."""
        spans: list[Span] = []
        last = len(self.chunks) - 1
        for number, chunk in enumerate(self.chunks):
            if number == last or chunk.expanded:
                spans += self.full(number, chunk)
            else:
                spans += self.brief(number, chunk)
        return tuple(spans)

    def full(self, number: int, chunk: Chunk) -> Iterable[Span]:
        """A chunk in the words it had."""
        if number and chunk.goal:
            yield Span(Source.MODEL, f"{number} Subgoal: {chunk.goal}")
        for pair in chunk.pairs[-self.limit :]:
            yield from pair.spans

    def brief(self, number: int, chunk: Chunk) -> Iterable[Span]:
        """A finished chunk in short; what was seen before all stays as it was."""
        if number == 0:
            yield from chunk.pairs[0].observation if chunk.pairs else ()
        lines = [f"{number} Subgoal: {chunk.goal}"] if chunk.goal else []
        lines += [f"{'' if chunk.goal else f'{number} '}Observation: {chunk.summary}"] if chunk.summary else []
        if lines:  # what the world said is no more to be trusted because it is shown again
            yield Span(Source.WORLD if self.summaries == "last" else Source.MEMORY, "\n".join(lines))
