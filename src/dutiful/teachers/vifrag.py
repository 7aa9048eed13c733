"""Answers out of passages that obey format rules, each rule with a checker that was written, run and cross-validated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from dutiful.core.errors import ModelFailure, SpecError
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Example, Source, Span
from dutiful.core.teacher import Teacher
from dutiful.kit.checkers import Reply, Verified, cross_validate, read_reply, support
from dutiful.kit.constraints.writer import question, topics
from dutiful.kit.dialogue import read
from dutiful.kit.rescue import rating
from dutiful.worlds.rag.facts import Facts

SEEDS = (
    "Write the answer in capital letters only.", "Write the answer in lowercase letters only.", "Do not use any commas.",
    "Answer in exactly two sentences.", "Answer in at most 30 words.", "Answer in at least 25 words.",
    "Use exactly 3 bullet points.",
    "Put the whole answer between double quotation marks.", "Start the answer with the word Certainly.",
    "End the answer with the words That is all.", "Give the answer as a JSON object.", "Write exactly two paragraphs.",
    "Give the answer a title between double angle brackets.", "Use the word source at least twice.",
    "Do not use the word because.", "Include one placeholder in square brackets.", "Use no digits at all.",
    "Number the lines of the answer.", "Put the most important word in bold.", "End every sentence with an exclamation mark.",
    "Add a postscript that begins with P.S.", "Use a numbered list of 2 items.", "Begin every sentence with the same word.",
    "Separate two parts of the answer by a line of three asterisks.", "Use at most 200 characters.",
    "Ask the reader one question at the end.", "Put each sentence on a line of its own.", "Use no exclamation marks.",
)  # fmt: skip
"""Atomic instructions about form, not about style, that a function can check."""
_NOT_FORM = re.compile(r"\b(style|tone|metaphor|translat\w*|poetic|humor\w*|formal|persona)\b", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*])\s+(.{10,160})$", re.MULTILINE)

EXPAND = (
    "Here are instructions about the form of an answer, each of which a Python function can check:\n{seeds}\n"
    "Write {n} new ones, one to a line, numbered. No style, no metaphors, no translation: only what code can check."
)
COMPATIBLE = (
    "Can one answer follow all of these instructions at once?\n{parts}\nThink about each pair first. "
    "Then rate how well they go together from 0 to 10, on a last line of its own."
)
CHECKER = (
    "Instruction: {instruction}\nWrite a Python function evaluate(response) that returns True if the response follows the "
    "instruction, else False, and 3 test cases. Reply with JSON: "
    '{{"func": "...", "cases": [{{"input": "...", "output": true}}]}}. This is version {version}.'
)
RESPOND = "Follow the instruction strictly.\nInstruction: {instruction}\nQuestion: {query}"
ANSWERS = (
    "Question: {query}\nResponse: {response}\nDoes the response answer the question? Leave its form aside. Explain, "
    "then rate it from 0 to 10, on a last line of its own."
)


class Rule(NamedTuple):
    """An instruction with what verified it: one lot of checkers for each of its atomic parts."""

    text: str
    parts: tuple[Verified, ...]


class VifRag(Teacher):
    """Makes verified examples of following rules, with passages and without.

        seeds -> new instructions (self-instruct) -> checkers and cases for each, cross-validated (`kit.checkers`)
        -> one or several joined, where the model rates their compatibility `compatible` or more
        -> paired with queries -> `responses` answers, kept where the checkers' mean verdict exceeds `executed`
           and the model rates that the answer answers more than `consistent` of 10

    samples: replies asked for a checker. compose: at most so many instructions joined, as parts side by side or as a chain.
    executed: 0 is the source's (one passing function suffices); 0.5 is stricter, and ours. rag: the share of queries that come
    with passages (the source: 4 of 20), which stand before the rules or after them, in turn. The mean verdict of a composed
    instruction is the least of its parts'. `trace` counts what was dropped in the last `make`. Checkers run in the sandbox.
    Source: VIF-RAG (arXiv 2410.09584).
    """

    card = Card(
        kind="teacher",
        name="vifrag",
        system="094",
        summary="makes answers that follow rules, each rule with executed, cross-validated checkers; with passages and without",
        capabilities=frozenset({"make"}),
        needs=("rag",),
        source="arXiv 2410.09584",
    )

    def __init__(
        self,
        model: Model | None = None,
        samples: int = 8,
        compose: int = 2,
        compatible: int = 5,
        functions: int = 3,
        cases: int = 10,
        keep: float = 0.8,
        responses: int = 2,
        executed: float = 0.0,
        consistent: float = 8.0,
        rag: float = 0.2,
        seconds: float = 5.0,
        patience: int = 100,
    ):
        for name, value in (("samples", samples), ("compose", compose), ("responses", responses), ("patience", patience)):
            if value < 1:
                raise SpecError(f"vifrag: {name}={value}, expected 1 or more")
        self.model, self.samples, self.compose, self.compatible = model, samples, compose, compatible
        self.functions, self.cases, self.keep, self.responses = functions, cases, keep, responses
        self.executed, self.consistent, self.rag, self.seconds, self.patience = executed, consistent, rag, seconds, patience
        self.trace: dict[str, int] = {}

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        random, self.trace = Random(f"vifrag/{seed}"), {}
        rules = [rule for text in self.instructions(random) if (rule := self.verified(text)).parts[0].checkers]
        if not rules:
            raise ModelFailure(f"vifrag: no instruction kept a checker; dropped: {self.trace}")
        pool, made, dropped = Facts(k=4).tasks("train"), 0, 0
        while made < n:
            rule, passages = self.joined(rules, random), ""
            if random.random() < self.rag:
                turn = read(pool[random.randrange(len(pool))]).turns[0]
                query, passages = turn.text, turn.context
            else:
                query = question(random.choice(topics("train")), random)
            example = self.answered(rule, query, passages, first=made % 2 == 0) if rule else None
            made, dropped = (made + 1, 0) if example else (made, dropped + 1)
            if example:
                yield example.replace(origin={**example.origin, "seed": seed, "number": made - 1})
            elif dropped > self.patience:
                raise ModelFailure(f"vifrag: {dropped} candidates dropped in a row: {self.trace}")

    def instructions(self, random: Random, n: int = 50) -> list[str]:
        """The seeds and what the model makes of them: about form, none twice."""
        shown = "\n".join(random.sample(SEEDS, 8))
        new = _ITEM.findall(self._say(EXPAND.format(seeds=shown, n=n), 1024))
        kept = dict.fromkeys([*SEEDS, *(text.strip() for text in new if not _NOT_FORM.search(text))])
        return list(kept)

    def replies(self, instruction: str) -> list[Reply]:
        """What the model writes when asked for a checker, as far as it can be read."""
        said = (self._say(CHECKER.format(instruction=instruction, version=v), 512, v) for v in range(1, self.samples + 1))
        return [reply for text in said if (reply := read_reply(text))]

    def verified(self, instruction: str) -> Rule:
        """An atomic instruction with its cross-validated checkers; without any where none are left."""
        lot = cross_validate(self.replies(instruction), self.functions, self.cases, self.keep, self.seconds)
        if not lot.checkers:
            self._drop("cross-validation")
        return Rule(instruction, (lot,))

    def joined(self, rules: Sequence[Rule], random: Random) -> Rule | None:
        """One rule, or several that the model thinks compatible, as parts or as a chain."""
        chosen = random.sample(rules, min(len(rules), random.randint(1, self.compose)))
        if len(chosen) == 1:
            return chosen[0]
        rated = self._rated(COMPATIBLE.format(parts="\n".join(rule.text for rule in chosen)))
        if rated is None or rated < self.compatible:
            return self._drop("compatibility")
        chain = random.random() < 0.5
        text = " Then: ".join(rule.text for rule in chosen) if chain else " ".join(rule.text for rule in chosen)
        return Rule(text, tuple(part for rule in chosen for part in rule.parts))

    def answered(self, rule: Rule, query: str, passages: str, first: bool = False) -> Example | None:
        """The first response that passes execution and consistency, as an example; None where none does."""
        asked = (Span(Source.USER, RESPOND.format(instruction=rule.text, query=query)),)
        results = (Span(Source.WORLD, f"Search results:\n{passages}"),) if passages else ()
        shown = (*results, *asked) if first else (*asked, *results)
        for number in range(1, self.responses + 1):
            text = self._generate(Prompt(shown), 256, number)
            verdict = min(support(part.checkers, text, self.seconds) for part in rule.parts)
            if not text or verdict <= self.executed:
                self._drop("execution")
                continue
            rated = self._rated(ANSWERS.format(query=query, response=text))
            if rated is None or rated <= self.consistent:
                self._drop("consistency")
                continue
            checkers = [[{"code": c.code, "accuracy": c.accuracy} for c in part.checkers] for part in rule.parts]
            origin = dict(teacher=self.spec, instruction=rule.text, query=query, verdict=verdict, rating=rated, checkers=checkers)
            return Example((*shown, Span(Source.MODEL, text)), (False,) * len(shown) + (True,), origin)
        return None

    def _rated(self, text: str) -> int | None:
        """The number from 0 to 10 on the last line of a reply."""
        lines = self._say(text, 200).strip().split("\n")
        return rating(lines[-1], 0, 10)

    def _say(self, text: str, tokens: int, seed: int = 0) -> str:
        return self._generate(Prompt((Span(Source.USER, text),)), tokens, seed)

    def _generate(self, prompt: Prompt, tokens: int, seed: int = 0) -> str:
        if self.model is None:
            raise SpecError("the teacher vifrag asks a language model: give it one")
        temperature = 1.0 if seed else 0.0
        return self.model.generate(prompt, Sampling(max_tokens=tokens, temperature=temperature, seed=seed)).text.strip()

    def _drop(self, stage: str) -> None:
        self.trace[stage] = self.trace.get(stage, 0) + 1
