"""A writer that meets each requirement with a stated probability: the model of experiments on checking and mending."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Constraint, Source
from dutiful.core.world import World
from dutiful.kit import constraints
from dutiful.kit.constraints.writer import Unwritable, topics, write
from dutiful.kit.dialogue import Conversation, Said
from dutiful.models.scripted import Scripted

DONT_KNOW = "I do not know."


class Writer(Model):
    """Deterministic, no weights: writes answers to the present turn of a dialogue world, and errs at stated rates.

    It knows the requirements of the present turn from the world; all else it reads from the prompt:

    - A first answer (none of its own answers follows the turn's text in the prompt): each constraint is met with
      probability `meets`, independently of the others. A turn that is compared with references has its gold answer said with
      probability `meets`, else "I do not know.", constraints or not.
    - A revision (an answer of its own follows the turn's text, and the user or the world something on that): the
      requirements whose wordings occur there are named. Each named one that was not met is met now with probability `fixes`,
      each named one that was met stays so, and for each named one, with probability `breaks`, one drawn from the others that
      were met breaks. If none is named, as in "please improve your answer", it turns to one requirement drawn at random,
      as though that one had been named. A turn with references is answered anew.
    - A question with the options yes and no, of any letter case and order (`choose`): is the last answer in the prompt, that
      is its last span of source MODEL, as the requirement wants it whose wording occurs last in the spans of other sources?
      It tells the truth with probability `judges`. Of other options it draws one.

    What a text meets is found out by the checkers, never remembered. The texts come from `kit.constraints.writer.write`, about
    the topic in the turn's tags where it knows that one. For a combination of met and broken requirements that it finds no
    text for, one that breaks fewer of those is said, then one that breaks others too, and if nothing can be broken the turn's
    gold answer: so whether all is met stays true to the draws, as far as can be. The draws follow from the episode's seed,
    the prompt and, at a temperature above 0, the sampling's seed: the same question gets the same answer, and asked hot
    it gets another one.
    `seconds` is a latency to wait on every call. Tokens are counted as words.
    """

    card = Card(
        kind="model",
        name="writer",
        summary="meets, mends and breaks each requirement, and judges it, with stated probabilities; no weights",
        capabilities=frozenset({"deterministic"}),
    )

    def __init__(self, meets: float = 0.8, fixes: float = 0.7, breaks: float = 0.1, judges: float = 1.0, seconds: float = 0.0):
        for name, rate in dict(meets=meets, fixes=fixes, breaks=breaks, judges=judges).items():
            if not 0 <= rate <= 1:
                raise ValueError(f"writer: {name} is {rate}, expected a probability from 0 to 1")
        self.meets, self.fixes, self.breaks, self.judges, self.seconds = meets, fixes, breaks, judges, seconds
        self._world: World | None = None
        self._seed = 0

    def bind(self, world: World, seed: int) -> Writer:
        bound = Writer(self.meets, self.fixes, self.breaks, self.judges, self.seconds)
        bound._world, bound._seed = world, seed
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        turn, draw = self._turn(), self._random(prompt, sampling)
        answer, feedback = _exchange(prompt, turn)
        if turn.metric:
            text = turn.gold if draw.random() < self.meets else DONT_KNOW
        elif answer is None:
            text = self._write(turn, [c for c in turn.constraints if draw.random() >= self.meets], draw)
        else:
            text = self._write(turn, self._revised(turn.constraints, answer, feedback, draw), draw)
        return Scripted(seconds=self.seconds, reply=lambda _: text).generate(prompt, sampling)

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        draw = self._random(prompt, sampling)
        words = [option.strip().lower().rstrip(".") for option in options]
        if sorted(words) == ["no", "yes"]:
            truth = self._holds(prompt)
            said = options[words.index("yes" if truth == (draw.random() < self.judges) else "no")]
        else:
            said = draw.choice(options)
        return Scripted(seconds=self.seconds, reply=lambda _: said).choose(prompt, options)

    def _write(self, turn: Said, broken: Sequence[Constraint], draw: random.Random) -> str:
        rules = [constraints.rule(constraint) for constraint in turn.constraints]
        wrong = {i for i, constraint in enumerate(turn.constraints) if constraint in broken}
        named = turn.tags.get("topic")
        topic = named if named in topics() else draw.choice(topics())
        # Where no text breaks exactly these: one that breaks one of them, else one that meets none of the rest for sure.
        tries = [(rules, wrong), *((rules, {i}) for i in sorted(wrong)), *(([rules[i]], {0}) for i in sorted(wrong))]
        for asked, broken_ones in tries:
            try:
                return write(asked, topic, draw, broken=broken_ones)
            except Unwritable:
                continue
        return turn.gold or write(rules, topic, draw)

    def _revised(self, asked: Sequence[Constraint], answer: str, feedback: str, draw: random.Random) -> list[Constraint]:
        """Which constraints the corrected answer breaks."""
        broken = [c for c in asked if not constraints.check(c, answer).passed]
        named = [c for c in asked if c.wording and c.wording.lower() in feedback.lower()]
        if not named and asked:
            named = [draw.choice(asked)]
        spoilt: list[Constraint] = []
        for _ in named:
            others = [c for c in asked if c not in named and c not in broken and c not in spoilt]
            if others and draw.random() < self.breaks:
                spoilt.append(draw.choice(others))
        return [c for c in broken if c not in named or draw.random() >= self.fixes] + spoilt

    def _holds(self, prompt: Prompt) -> bool:
        """Whether the last answer meets the requirement that was named last."""
        answer = next((span.text for span in reversed(prompt) if span.source is Source.MODEL), "")
        question = "\n".join(span.text for span in prompt if span.source is not Source.MODEL).lower()
        asked = [(question.rfind(c.wording.lower()), len(c.wording), c) for c in self._turn().constraints if c.wording]
        where, _, constraint = max(asked, key=lambda found: found[:2], default=(-1, 0, None))
        if where < 0 or constraint is None:
            raise ModelFailure("the writer is asked yes or no, but no requirement of the present turn is named in the prompt")
        return constraints.check(constraint, answer).passed

    def _turn(self) -> Said:
        if not isinstance(self._world, Conversation):
            raise ModelFailure(f"the writer answers a dialogue world's turns, and it is bound to {self._world!r}")
        return self._world.turn

    def _random(self, prompt: Prompt, sampling: Sampling) -> random.Random:
        heat = f"/{sampling.seed}" if sampling.temperature > 0 else ""
        return random.Random(f"{self._seed}/{zlib.crc32(prompt.text.encode())}{heat}")


def _exchange(prompt: Prompt, turn: Said) -> tuple[str | None, str]:
    """The last answer to the present turn that the prompt shows, and what was said on it; (None, "") before the first."""
    asked = max((i for i, span in enumerate(prompt) if span.source is Source.USER and turn.text in span.text), default=-1)
    answered = max((i for i, span in enumerate(prompt) if i > asked >= 0 and span.source is Source.MODEL), default=-1)
    if answered < 0:
        return None, ""
    return prompt[answered].text, "\n".join(span.text for span in prompt[answered + 1 :])
