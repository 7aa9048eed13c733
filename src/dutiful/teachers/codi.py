"""CoDI-Eval's making of instructions: expand a few seeds, then rewrite them over and over in many styles."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from dutiful.core import parts
from dutiful.core.errors import SpecError
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Example, Source, Span
from dutiful.core.teacher import Teacher
from dutiful.kit.diversity import Novelty
from dutiful.kit.rescue import bracketed
from dutiful.models import Scripted
from dutiful.teachers.codi_phrases import STYLES, Rewriter
from dutiful.worlds.chat.codi import POOL, fill
from dutiful.worlds.chat.codi_words import SEEDS, SLOTS, TASKS, Phrase

SHOWN, ASKED, PER_MODE, ROUNDS = 8, 10, 16, 60
"""Expansion: seeds shown, new ones asked for, kept a mode at most, calls before it ends with what there is."""
NONE, BASE = 0.3, 0.5
"""How often a rewriting has no style word, and one of the base list; else it has one of the extended list."""
NOVEL = 0.95
"""ROUGE-L F1 with any kept instruction above which a rewriting is no new one."""
TRIES = 30
"""Rewritings asked for, a kept one, before the pool ends with what there is."""
BASE_STYLES, MORE_STYLES = tuple(STYLES)[:8], tuple(STYLES)[8:]
SIZES = {"length": 200, "keyword": 120, "sentiment": 120, "topic": 80, "multi": 80, "toxicity": 60}
"""Of the pool that ships with chat/codi."""

EXPAND = "These instructions have slots in braces:\n{}\nWrite {} new instructions of this kind with the same slots, numbered."
EXAMPLE = "Instruction: {}\nMode: {}"
REWRITE = (
    "Rewrite this instruction{}. Keep what it asks for and its slots in braces. Put the result in [brackets].\nInstruction: {}"
)
_ITEM = re.compile(r"^\s*\d+\s*[.)]\s*(\S.*?)\s*$", re.MULTILINE)
_SLOT = re.compile(r"\{(\w+)\}")


class CodiTeacher(Teacher):
    """Instructions for one of CoDI-Eval's tasks, with balanced labels, each with an answer that meets it.

    1. Expansion: eight seeds are shown, ten new ones asked for; each is sorted into a mode by a call with an example of each
       mode, at most 16 a mode are kept.
    2. Diversification: an instruction of the pool, of the mode that has the fewest, is rewritten: with probability 0.2 in an
       extended style, 0.5 in a base style, 0.3 in none. A rewriting comes in brackets; it is dropped when its slots are not
       those of its mode, each once, or when its ROUGE-L F1 with any kept one is above 0.95. What is kept may be rewritten again.
    3. Slots are filled, modes and labels taking turns.

    by: the spec of the model that writes; empty takes templates of our own (`teachers.codi_phrases`), no model. size: diversified
    instructions; the paper has about 1,900 a task. Source: arXiv 2401.00690. Its released filter keeps texts with both kinds
    of number slots, which contradicts its next check; the intent is implemented here: exactly one kind.
    """

    card = Card(
        kind="teacher",
        name="codi",
        system="066",
        summary="expands seed instructions and rewrites them in many styles, filtered for novelty and slots",
        capabilities=frozenset({"make"}),
        source="arXiv 2401.00690",
    )

    def __init__(self, task: str = "length", by: str = "", size: int = 200):
        if task not in TASKS:
            raise SpecError(f"codi: no task is called {task!r}; there are: {', '.join(TASKS)}")
        self.task, self.by, self.size = task, by, size

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        model: Model = parts.model(self.by) if self.by else Scripted(reply=Rewriter())
        try:
            pool = self.phrases(model, seed)
        finally:
            model.close()
        random, modes = Random(seed), [mode for mode in SLOTS[self.task] if any(each.mode == mode for each in pool)]
        for number in range(n):
            mode, place = modes[number % len(modes)], number // len(modes)
            phrase = random.choice([each for each in pool if each.mode == mode])
            filled = fill(self.task, mode, "train", place)
            spans = (Span(Source.USER, phrase.text.format_map(filled.slots)), Span(Source.MODEL, filled.gold))
            yield Example(spans, (False, True), dict(teacher=self.spec, task=self.task, mode=mode, label=filled.label))

    def phrases(self, model: Model, seed: int = 0) -> list[Phrase]:
        """The diversified instructions, with slots."""
        random = Random(seed)
        return self.diversify(model, self.expand(model, random), random)

    def expand(self, model: Model, random: Random) -> list[Phrase]:
        """The seeds and what the model adds, at most 16 a mode."""
        kept = [Phrase(text, mode) for mode, texts in SEEDS[self.task].items() for text in texts]
        for turn in range(ROUNDS):
            count = Counter(phrase.mode for phrase in kept)
            if all(count[mode] >= PER_MODE for mode in SLOTS[self.task]):
                break
            shown = random.sample(kept, min(SHOWN, len(kept)))
            listed = "\n".join(f"{i}. {phrase.text}" for i, phrase in enumerate(shown, 1))
            for text in _ITEM.findall(_ask(model, EXPAND.format(listed, ASKED), turn, 600))[:ASKED]:
                mode = self._mode(model, text)
                if self._fits(text, mode) and count[mode] < PER_MODE and all(text != phrase.text for phrase in kept):
                    kept.append(Phrase(text, mode))
                    count[mode] += 1
        return kept

    def diversify(self, model: Model, expanded: Sequence[Phrase], random: Random) -> list[Phrase]:
        """Rewritings of the expanded instructions, up to `size`."""
        novelty, made = Novelty(NOVEL), list[Phrase]()
        for phrase in expanded:
            novelty.add(phrase.text)
        for turn in range(TRIES * self.size):
            if len(made) >= self.size:
                break
            count = Counter(dict.fromkeys(SLOTS[self.task], 0))
            count.update(phrase.mode for phrase in made)
            parent = random.choice([phrase for phrase in (*expanded, *made) if phrase.mode == min(count, key=count.__getitem__)])
            text = bracketed(_ask(model, REWRITE.format(_style(random), parent.text), turn, 120)) or ""
            if self._fits(text, parent.mode) and novelty.add(text):
                made.append(Phrase(text, parent.mode))
        return made

    def _fits(self, text: str, mode: str) -> bool:
        """Whether the slots are those of the mode, each once: never both kinds of number."""
        return sorted(_SLOT.findall(text)) == sorted(SLOTS[self.task].get(mode, ("",)))

    def _mode(self, model: Model, text: str) -> str:
        modes = list(SLOTS[self.task])
        if len(modes) == 1:
            return modes[0]
        examples = "\n".join(EXAMPLE.format(SEEDS[self.task][mode][0], mode) for mode in modes)
        said = _ask(model, f"{examples}\n{EXAMPLE.format(text, '').rstrip()}", 0, 8).strip().lower().rstrip(".")
        return said if said in modes else ""


def _style(random: Random) -> str:
    drawn = random.random()
    if drawn < NONE:
        return ""
    return f' in the style "{random.choice(BASE_STYLES if drawn < NONE + BASE else MORE_STYLES)}"'


def _ask(model: Model, question: str, turn: int, tokens: int) -> str:
    sampling = Sampling(max_tokens=tokens, temperature=1.0, top_p=0.9, seed=turn)
    return model.generate(Prompt((Span(Source.USER, question),)), sampling).text


def write_pool(path: Path = POOL) -> None:
    """Makes the phrasings that ship with chat/codi, without a language model."""
    made = {task: CodiTeacher(task, size=size).phrases(Scripted(reply=Rewriter())) for task, size in SIZES.items()}
    lines = [f"{json.dumps(task)}: [\n" + ",\n".join(json.dumps(phrase) for phrase in made[task]) + "\n]" for task in made]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
