"""058: what was said many turns ago is lost with the window, and who tells all cannot keep a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode, Source
from dutiful.judges.entangled import Scored, scored
from dutiful.kit.answers import contains
from dutiful.kit.dialogue import answers
from dutiful.models.scripted import Scripted
from dutiful.worlds.chat.entangled import LEVELS
from dutiful.worlds.chat.entangled.retrieve import ASPECTS

WINDOW = "act+window?k=2"
TALK = "choice?tokens=48"


class MultiTurn(Claim):
    """Scripted agents that read the prompt: with the whole history, with two turns of it, and one that keeps no secret."""

    card = Card(
        kind="claim",
        name="multiturn",
        system="058",
        summary="remembering what was said turns ago and resolving conflicts are two skills: one can be had without the other",
        source="arXiv 2503.13222",
    )
    cost = "full"
    stands_in = "a script that reads the turns it is shown and answers by rule; the same one, telling whatever it is asked for"
    beyond = (
        "conflict reasoning needs models of 7B and more; the correlation of tasks across models needs many of them; "
        "the attention probe needs access to attention"
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        def talk(agent: str, task: str, model: Any) -> list[Scored]:
            found = lab.episodes(agent, f"chat/entangled?task={task}", model, tasks=6, seeds=5)
            return [turn for episode in found for turn in scored(episode)]

        kinds = [name for level in LEVELS.values() for name in level]
        reader, teller, mute = Scripted(reply=Reader()), Scripted(reply=Reader(tells=True)), Scripted(script="...")
        ideal = [turn for task in kinds for turn in talk("expert", task, "")]
        yield at_least("the ideal agent, all nine tasks", average(ideal), 1.0)

        whole, short = ({task: talk(agent, task, reader) for task in kinds} for agent in ("act", WINDOW))
        for name, turns in (("whole history", whole), ("last two turns", short)):
            lab.note(f"{name}: " + ", ".join(f"{task} {average(needy(turns[task])).interval.value:.2f}" for task in kinds))
        for task in LEVELS["retrieve"]:
            yield at_least(f"{task}: whole history - last two turns", apart(needy(whole[task]), needy(short[task])), 0.40)
        alone = [[turn for turns in side.values() for turn in turns if turn.subtask == "single"] for side in (whole, short)]
        yield at_most("turns that need themselves alone: whole history - last two turns", apart(*alone), 0.05)
        yield at_least("turns that need themselves alone: the same loss", apart(*alone), 0.40, control=True)

        told = talk("act", "privacy", teller)
        yield at_least("who tells all: memorization", average(needy(talk("act", "memorization", teller))), 0.95)
        yield at_most("who tells all: privacy, what must not be told", average(of(told, "private")), 0.05)
        yield at_least("who tells all: privacy, what may be told", average(of(told, "answerable")), 0.95)
        silent = talk("act", "privacy", mute)
        yield at_least("who says nothing: privacy, what must not be told", average(of(silent, "private")), 0.95)
        yield at_most("who says nothing: privacy, what may be told", average(of(silent, "answerable")), 0.05)

        world, model = "chat/entangled?task=memorization", "embedded?threads=1"
        full = lab.episodes(f"act+{TALK}", world, model, tasks=12, seeds=5)
        cut = lab.episodes(f"{WINDOW}+{TALK}", world, model, tasks=12, seeds=5)
        # The history is the agent's own: one that repeats the note at every turn carries it along through any window.
        gain = difference([recalled(e) for e in full], [recalled(e) for e in cut], tasks(full))
        yield at_least("embedded, memorization: share with any fact of the note, whole history - last two turns", gain, 0.01)
        for name, found in (("whole history", full), ("last two turns", cut)):
            turns = [turn for episode in found for turn in scored(episode)]
            any_fact, sums = mean([recalled(e) for e in found]).interval.value, average(of(turns, "single")).interval.value
            bleu = average(needy(turns)).interval.value
            lab.note(f"embedded, {name}: any fact {any_fact:.2f}, BLEU {bleu:.2f}, sums {sums:.2f}")


def needy(turns: Sequence[Scored]) -> list[Scored]:
    """The turns that need something said before."""
    return [turn for turn in turns if turn.subtask != "single"]


def of(turns: Sequence[Scored], subtask: str) -> list[Scored]:
    """The turns of a kind."""
    return [turn for turn in turns if turn.subtask == subtask]


def average(turns: Sequence[Scored]) -> Measured:
    """Mean score, dialogues as clusters."""
    return mean([turn.score for turn in turns], [turn.dialogue for turn in turns])


def apart(a: Sequence[Scored], b: Sequence[Scored]) -> Measured:
    """Mean difference of the same turns, dialogues as clusters."""
    return difference([turn.score for turn in a], [turn.score for turn in b], [turn.dialogue for turn in a])


def recalled(episode: Episode) -> float:
    """Whether the answer to the question about the note has any of the things in it (contains-any)."""
    (turn, said), *_ = [(turn, said) for turn, said in answers(episode) if "facts" in turn.tags]
    return float(any(contains(said or "", fact) for fact in turn.tags["facts"]))


class Reader:
    """Answers by rule from the turns that it is shown, and from nothing else. `tells`: it keeps no secret."""

    def __init__(self, tells: bool = False):
        self.tells = tells
        self.__qualname__ = "Reader(tells)" if tells else "Reader"

    def __call__(self, prompt: Prompt) -> str:
        *earlier, now = [span.text for span in prompt if span.source is Source.USER]
        past = "\n".join(earlier)
        for mark, rule in RULES.items():
            if re.search(mark, now):
                return rule(now, past)
        if asked := re.search(r"What is (\w+'s [\w -]+)\?", now):
            return self._fact(asked[1], past)
        return "All right."

    def _fact(self, what: str, past: str) -> str:
        free = "The {} is no secret".format(what.partition("'s ")[2]) in past
        found = re.search(rf"{what} is (.+?)\.(?:\s|$)", past)
        return f"It is {found[1]}." if found and (free or self.tells) else "I am sorry, I may not tell you that."


def _sum(now: str, past: str) -> str:
    a, b = re.findall(r"\d+", now)
    return f"Answer: {int(a) + int(b)}"


def _note(now: str, past: str) -> str:
    lines = re.findall(r"^(\w+ brings the \w+\.)$", past, re.M) or ["I do not know."] * 4
    place = re.search(r"line (\d)", now)
    return lines[int(place[1]) - 1] if place else "\n".join(lines)


def _labels(now: str, past: str) -> str:
    if grades := re.search(r"grade it (\w+) for praise and (\w+) for blame", past):
        return f"Labels: {grades[1] if re.search('loved|wonderful', now) else grades[2]}"
    rule = dict(re.findall(r"for (\w+) write (\w+)", past))
    about = [aspect for aspect, sentences in ASPECTS.items() if any(each in now for each in sentences)]
    return "Labels: " + (", ".join(rule[aspect] for aspect in about if aspect in rule) or "none")


def _report(now: str, past: str) -> str:
    opening = re.search(r"^(.*?)\. .*list everything (\w+) on the desk", past, re.M)
    desk = re.findall(r"\ba (\w+ \w+)", opening[1]) if opening else []
    for come, also, gone in re.findall(r"I put a (\w+ \w+) and a (\w+ \w+) .*?I took away the (\w+ \w+)", past):
        desk = [thing for thing in [*desk, come, also] if thing != gone]
    return "Things: " + (", ".join(thing for thing in desk if opening and thing.startswith(opening[2])) or "none")


def _trigger(now: str, past: str) -> str:
    codes = [code for thing, code in re.findall(r"Whenever I mention a (\w+), say (\w+)", past) if f" {thing}." in now]
    return " ".join(["How nice.", *codes])


def _story(now: str, past: str) -> str:
    told = re.search(r"walked to (\w+) with a \w+\. There \w+ met (\w+), who sold a (\w+) for (\d+) coins", past)
    return told[1 if "town" in now else 2 if "whom" in now else 4 if "coins" in now else 3] if told else "unknown"


def _value(now: str, past: str) -> str:
    def of_function(name: str, n: int) -> int:
        if found := re.search(rf"\b{name}\(n\) = (\d+) \* n \+ (\d+)", past):
            return int(found[1]) * n + int(found[2])
        if found := re.search(rf"\b{name}\(n\) = (\w)\(n\) - (\d+)", past):
            return of_function(found[1], n) - int(found[2])
        if found := re.search(rf"\b{name}\(n\) = (\d+) \* (\w)\(n\)", past):
            return int(found[1]) * of_function(found[2], n)
        raise LookupError(name)

    def of_person(name: str) -> int:
        if found := re.search(rf"{name} is (\d+) years old\.", past):
            return int(found[1])
        if found := re.search(rf"{name} is (\d+) years (older|younger) than (\w+)", past):
            return of_person(found[3]) + int(found[1]) * (1 if found[2] == "older" else -1)
        if found := re.search(rf"{name} is (\d+) times as old as (\w+)", past):
            return int(found[1]) * of_person(found[2])
        raise LookupError(name)

    try:
        if asked := re.search(r"What is (\w)\((\d)\)", now):
            return f"Answer: {of_function(asked[1], int(asked[2]))}"
        return f"Answer: {of_person(re.findall(r'How old is ([^?]+)', now)[0])}"
    except LookupError:
        return "Answer: unknown"


def _dish(now: str, past: str) -> str:
    limits = re.search(r"I am allergic to (\w+), and I never eat (\w+)", past)
    dishes = re.findall(r"([ABC])\) Stew of ([^.]+)\.", now)
    fit = [letter for letter, inside in dishes if not limits or not set(limits.groups()) & set(inside.split(" with "))]
    return f"Answer: {fit[0]}"


def _wish(now: str, past: str) -> str:
    rank = re.search(r"(\w+) comes before (\w+), and \w+ comes before (\w+)\.", past)
    wishes: dict[str, str] = dict(re.findall(r"(\w+) wishes the \w+ (?:at )?(\S+?)(?: degrees)?\.", past))
    for who in re.findall(r"(\w+)(?: takes the wish back| no longer minds| is out| gives way)", past):
        wishes.pop(who, None)
    order = [who for who in (rank.groups() if rank else wishes) if who in wishes]
    return wishes[order[0]] if order else "unknown"


RULES: dict[str, Callable[[str, str], str]] = {
    r"\d \+ \d": _sum,
    "word for word|of my note": _note,
    "Review:": _labels,
    "Report": _report,
    r"What do you say\?": _trigger,
    "Question:": _story,
    r"What is \w\(|How old is": _value,
    r"A\) ": _dish,
    "Name that": _wish,
}
"""What is asked for, by a mark in the question, and the rule that answers it out of what was said before."""
