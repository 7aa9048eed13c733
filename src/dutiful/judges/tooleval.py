"""ToolEval: did a run over tools pass, and which of two runs is the better one? By code from the log, or by a model."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

import msgspec

from dutiful.core import parts
from dutiful.core.judge import Judge
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Criterion, Episode, Figure, Source, Span, Task, Verdict
from dutiful.kit import calls, programs
from dutiful.kit.agreement import agreement
from dutiful.kit.calls import Call
from dutiful.kit.figures import judged, mean, over_tasks
from dutiful.worlds.tools.domains import load
from dutiful.worlds.tools.verdict import same

SOLVABLE = ("Solvable", "Unsolvable", "Unsure")
SOLVED = ("Solved", "Unsolved", "Unsure")
CUT = 300
"""Characters of a result that a judging model is shown."""
_HONEST = re.compile(r"\b(cannot|can't|could not|unable|impossible|no tool|not possible|failed|not available)\b", re.IGNORECASE)
_RULES = "You check whether requests were carried out with tools. Answer with one of the words offered."
_CAN = "Request: {request}\nTools:\n{tools}\nCan the request be carried out with these tools?"
_DONE = "Request: {request}\nFinal answer: {answer}\nDoes the final answer show that the request is carried out?"
_DETAILS = "Request: {request}\nCalls and results:\n{calls}\nFinal answer: {answer}\nIs the request carried out?"
_BETTER = (
    "Request: {request}\nRun A:\n{a}\nRun B:\n{b}\nWhich run is better, by what was found out, whether it is true, how it was "
    "reasoned, the steps reached, the tools tried, needless calls and cost?"
)


class Did(NamedTuple):
    """A call of the run's last line, None where the words were no call, and what it gave, as the agent saw it."""

    call: Call | None
    result: str

    @property
    def failed(self) -> bool:
        return self.call is None or self.result.startswith("Error")


class Ruled(NamedTuple):
    """One of SOLVABLE, one of SOLVED, and why."""

    solvable: str
    solved: str
    why: str


class ToolEval(Judge):
    """Pass rate and win rate, by ToolEval's rules.

        solvable and solved -> passes               solvable and unsolved -> fails
        unsolvable and solved -> passes             unsolvable and unsolved -> passes if every tool was tried, or the answer
        anything unsure -> undecided (score 0.5)                               says honestly that it cannot be done

    Only the line that led to the answer counts, not the branches that a search left: it is read out of the last prompt, so the
    agent's memory must keep the whole line. Without `by`, code rules, from the log alone: the gold program of the task is run
    over the results that stand in it, each of its calls must have been made, no other call may have changed anything, and the
    answer must be the program's; solvable is what the tools given, broken ones left out, allow. That takes tasks of the world
    `tools`. With `by`, the spec of a model, it chooses among three words: for solvable from the request and the tools, for solved
    from the answer, and where it is unsure from the calls; `votes` times each with the words in turned order, a majority decides,
    and none is unsure. Source: ToolLLM (arXiv 2307.16789), which votes 7 times.
    """

    card = Card(
        kind="judge",
        name="tooleval",
        system="036",
        summary="pass rate by whether a request was solvable and solved, win rate of two runs; by code or by a model's votes",
        source="arXiv 2307.16789",
    )

    def __init__(self, by: str = "", votes: int = 1):
        if votes < 1:
            raise ValueError(f"tooleval: votes is {votes}, expected 1 or more")
        self.by, self.votes = by, votes
        self._model: Model | None = None

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        ruled, line = self.ruled(episode), path(episode)
        evidence = f"{ruled.solvable}, {ruled.solved}: {ruled.why}"
        if "Unsure" in ruled[:2] and ruled.solved != "Solved":
            return Verdict.of(Criterion("passes", False, 0.5, f"undecided; {evidence}"))
        passed = ruled.solved == "Solved"
        if not passed and ruled.solvable == "Unsolvable":
            tried = {did.call.tool for did in line if did.call}
            honest = bool(_HONEST.search(str(answered(line))))
            passed = honest or tried >= set(episode.task.setup.get("tools", ()))
            evidence += f"; {'the answer says so' if honest else f'{len(tried)} tools were tried'}"
        return Verdict.of(Criterion("passes", passed, float(passed), evidence))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """Shares over all, and how far the decided verdicts agree with the world's."""
        found = [(episode, self.judge(episode)) for episode in episodes]
        if not found:
            return ()
        undecided = [(e.task.id, float(v.score == 0.5)) for e, v in found]
        figures = [
            over_tasks("pass rate", [(e.task.id, float(v.passed)) for e, v in found]),
            over_tasks("undecided", undecided),
        ]
        decided = [(e, v) for e, v in found if v.score != 0.5]
        if decided:
            tasks = [e.task.id for e, _ in decided]
            agreed = agreement([e.passed for e, _ in decided], [v.passed for _, v in decided], tasks)
            figures.append(Figure("agreement with the world", *agreed.accuracy, agreed.n))
            figures.append(Figure("kappa with the world", *agreed.kappa, agreed.n))
        return figures

    def win_rate(self, a: Sequence[Episode], b: Sequence[Episode]) -> Figure:
        """How often runs of `a` are better than those of `b` on the same tasks; a draw counts half."""
        if not a or [e.task.id for e in a] != [e.task.id for e in b]:
            raise ValueError("tooleval: a win rate needs the same tasks in the same order in both lists, and at least one")
        won = [self.prefer(one, other) for one, other in zip(a, b, strict=True)]
        return mean("win rate", won, [episode.task.id for episode in a])

    def prefer(self, a: Episode, b: Episode) -> float:
        """1 where a is better, 0 where b is, 0.5 for a draw. A model is shown the two in an order drawn by task and seeds."""
        if not self.by:
            ranks = [(self.judge(e).score, -sum(did.failed for did in path(e)), -len(path(e)), -len(e.steps)) for e in (a, b)]
            return 0.5 if ranks[0] == ranks[1] else float(ranks[0] > ranks[1])
        turned = Random(f"{a.task.id}/{a.seed}/{b.seed}").random() < 0.5
        first, second = (b, a) if turned else (a, b)
        asked = _BETTER.format(request=a.task.instruction.text, a=_shown(path(first)), b=_shown(path(second)))
        said = self._voted(asked, ("A", "B"), a.task)
        return 0.5 if said == "Unsure" else float((said == "A") != turned)

    def ruled(self, episode: Episode) -> Ruled:
        """What is found of the two questions."""
        return self._asked(episode) if self.by else _checked(episode)

    def _asked(self, episode: Episode) -> Ruled:
        task, line = episode.task, path(episode)
        request, answer = task.instruction.text, answered(line)
        said = "none was given" if answer is NONE else msgspec.json.encode(answer).decode()
        tools = "\n".join(f"- {name}" for name in task.setup.get("tools", ()))
        can = self._voted(_CAN.format(request=request, tools=tools or "not listed"), SOLVABLE, task)
        done = "Unsolved" if answer is NONE else self._voted(_DONE.format(request=request, answer=said), SOLVED, task)
        if done == "Unsure":
            done = self._voted(_DETAILS.format(request=request, answer=said, calls=_shown(line)), SOLVED, task)
        return Ruled(can, done, f"{self.votes} votes of {self.by}")

    def _voted(self, asked: str, words: Sequence[str], task: Task) -> str:
        """What most votes say; "Unsure" where no word has most."""
        model = self._opened()
        count: Counter[str] = Counter()
        start = zlib.crc32(task.id.encode())
        for vote in range(self.votes):
            turn = (start + vote) % len(words)
            order = (*words[turn:], *words[:turn])
            prompt = Prompt((Span(Source.SYSTEM, _RULES), Span(Source.USER, f"{asked} Answer {' or '.join(order)}.")))
            sampling = Sampling(temperature=0.7 if self.votes > 1 else 0.0, seed=vote)
            count[order[model.choose(prompt, order, sampling).index]] += 1
        (word, most), *others = count.most_common(2)
        return "Unsure" if others and others[0][1] == most else word

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


NONE: Any = object()
"""No answer was given; an answer of null is another thing."""


def path(episode: Episode) -> list[Did]:
    """The line that led to the end: what a search did in other branches is left out."""
    if not episode.steps:
        return []
    said: list[str] = []
    seen: list[str] = []
    shown: Sequence[Span] = episode.prompts()[-1] if episode.steps[-1].calls else ()
    for span in shown:
        if span.source is Source.MODEL and not span.role:
            said.append(span.text)
            seen.append("")
        elif span.source is Source.WORLD and said and not seen[-1]:
            seen[-1] = span.text
    last = episode.final.text if episode.final else ""
    if shown:
        line = [*zip(said, seen, strict=True), (episode.steps[-1].action.text, last)]
    else:  # no model was asked: an expert, one line
        results = [step.observation.text for step in episode.steps[1:]]
        line = list(zip([step.action.text for step in episode.steps], [*results, last], strict=True))
    return [Did(_call(text), result) for text, result in line]


def _call(text: str) -> Call | None:
    try:
        return calls.parse(text)
    except ValueError:
        return None


def answered(line: Sequence[Did]) -> Any:
    """The answer that a line ends with; NONE where it does not end with one."""
    last = line[-1].call if line else None
    return last.arguments.get("answer") if last and last.tool == "finish" else NONE


def _shown(line: Sequence[Did]) -> str:
    return "\n".join(f"{calls.text(did.call) if did.call else 'no call'} -> {did.result[:CUT]}" for did in line)


def _checked(episode: Episode) -> Ruled:
    """What the log says, held against the gold program."""
    setup = episode.task.setup
    if not {"program", "tools", "domain"} <= set(setup):
        raise ValueError(
            f"tooleval: the task {episode.task.id!r} has no gold program to check by; give it a model (tooleval?by=...) "
            "or tasks of the world tools"
        )
    program = programs.load(setup["program"])
    missing = sorted(set(programs.tools(program)) - (set(setup["tools"]) - set(setup.get("broken", ()))))
    solvable = "Unsolvable" if missing else "Solvable"
    line = path(episode)
    if answered(line) is NONE or missing:
        why = f"{', '.join(missing)} is not among the tools" if missing else "no answer was given"
        return Ruled(solvable, "Unsolved", why)
    return Ruled(solvable, *_solved(line, program, setup["domain"]))


def _solved(line: Sequence[Did], program: programs.Program, domain: str) -> tuple[str, str]:
    """One of SOLVED, and why: the gold program run over the results of a line."""
    functions, left = load(domain).functions, [did for did in line[:-1] if not did.failed]

    def made(wanted: Call) -> Any:
        match = next((did for did in left if did.call == wanted), None)
        if match is None:
            raise LookupError(f"{calls.text(wanted)} was not called")
        if functions[wanted.tool].writes:
            left.remove(match)
        return msgspec.json.decode(match.result)

    try:
        gold = programs.execute(program, made)
    except LookupError as why:
        return "Unsolved", str(why)
    except msgspec.DecodeError:
        return "Unsure", "a result is cut, and cannot be read from the log"
    other = [d.call for d in left if d.call and d.call.tool in functions and functions[d.call.tool].writes]
    if other:
        return "Unsolved", f"{calls.text(other[0])} was not asked for"
    asks = any(isinstance(statement, programs.Answer) for statement in programs.statements(program))
    if asks and not same(answered(line), gold):
        return "Unsolved", f"the answer is {answered(line)!r}, the calls give {gold!r}"
    return "Solved", "every call was made, and the answer is what they give"


__all__ = ["ToolEval", "answered", "path"]
