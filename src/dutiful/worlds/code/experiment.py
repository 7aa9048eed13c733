"""Small experiments: make a model better; hidden rows decide how much."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random

from dutiful.core.errors import UnknownPart
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Instruction, Json, Task, Verdict
from dutiful.kit.tasks import Lazy
from dutiful.worlds.code import studies
from dutiful.worlds.code.functions import SPLITS, split_of
from dutiful.worlds.code.probes import ask
from dutiful.worlds.code.studies import STUDIES, Data, asked, measured, progress, table
from dutiful.worlds.code.tree import Tree, tree
from dutiful.worlds.code.workspace import Laid, Workspace

COUNT = 10_000
ENOUGH = 0.8
"""How far on the way from the plain model to the better one an experiment has succeeded."""
WORDINGS = (
    "Improve model.py: its {metric} on hidden rows must get {beyond} {goal}; it is {plain} now. The data are {about}.",
    "The data in train.csv are {about}. Make predict in model.py better, so that the {metric} on rows that you do not see is "
    "{beyond} {goal} (now {plain}).",
    "{about_capital}: the model is poor ({metric} {plain}). Get it {beyond} {goal} on unseen rows.",
    "beat {goal} {metric} (unseen data) with model.py, currently {plain}",
)
SCORE = '''"""Trains on two thirds of train.csv and measures on the rest: python3 score.py"""

import csv

from model import predict


def number(text):
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


with open("train.csv") as file:
    rows = [{{key: number(value) for key, value in row.items()}} for row in csv.DictReader(file)]
cut = len(rows) * 2 // 3
rest = rows[cut:]
found = predict(rows[:cut], [{{key: value for key, value in row.items() if key != "{target}"}} for row in rest])
if "{metric}" == "accuracy":
    value = sum(a == row["{target}"] for a, row in zip(found, rest)) / len(rest)
else:
    value = sum(abs(a - row["{target}"]) for a, row in zip(found, rest)) / len(rest)
print(f"{metric} {{value:.3f}}")
'''


class Experiments(Workspace):
    """Make `predict(train, rows)` in model.py better on data that are generated for each task; the box has Python alone.

    The score is progress on hidden rows from the model as found (0) to a better one of ours (1); a task has passed from 0.8 on,
    and its instruction says what that means in the metric. `kinds`: "all" or some of flats, seeds, reviews, visits, sensor
    and ratings, comma-separated. score.py measures on a part of the training data.
    """

    card = Card(
        kind="world",
        name="code/experiment",
        summary="small machine-learning experiments: improve a baseline in pure Python; hidden rows decide",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        needs=("code",),
    )

    def __init__(self, kinds: str = "all", max_steps: int = 30, seconds: float = 10.0):
        super().__init__(max_steps, seconds)
        self.kinds = kinds
        for kind in kinds.split(","):
            if kind not in (*STUDIES, "all"):
                raise UnknownPart("study of code/experiment", kind, (*STUDIES, "all"))
        self._kinds = [kind for kind in STUDIES if "all" in kinds.split(",") or kind in kinds.split(",")]

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """10,000 tasks, made when asked for; the studies take turns. Splits: train, validation, test."""
        if split not in SPLITS:
            raise UnknownPart("split of code/experiment", split, SPLITS)
        return Lazy(lambda number: self.make(split, number), COUNT)

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        name = self._kinds[number % len(self._kinds)]
        study, random = STUDIES[name], Random(f"code/experiment {split} {name} {number}")
        seed = SPLITS.index(split) * 1_000_000 + number
        while True:  # a study whose two models hardly differ is drawn again
            while split_of(name, parameters := study.draw(random)) != split:
                pass
            setup: Json = dict(study=name, parameters=parameters, seed=random.randrange(2**31))
            found = data_of(setup)
            if abs(found.better - found.plain) > 0.25 * max(found.better, found.plain):
                break
        wording = random.randrange(4 if split == "test" else 2)
        setup |= dict(wording=wording, wordings="seen" if wording < 2 else "unseen")
        text = WORDINGS[wording].format(
            about=study.about,
            about_capital=study.about[0].upper() + study.about[1:],
            metric=study.metric,
            plain=f"{found.plain:.3f}",
            goal=f"{goal(found):.3f}",
            beyond="above" if found.better > found.plain else "below",
        )
        return Task(f"experiment-{split}-{name}-{number}", self.spec, split, seed, Instruction(text), setup)

    def lay(self, setup: Json) -> Laid:
        study, found = STUDIES[setup["study"]], data_of(setup)
        texts = {
            "model.py": studies.model(setup["study"], "plain"),
            "train.csv": table(found.train),
            "score.py": SCORE.format(target=study.target, metric=study.metric),
        }
        brief = (
            f"predict(train, rows) in model.py gets two lists of dicts and returns a prediction of {study.target} for each row "
            "of the second; the standard library of Python is there. python3 score.py measures on a part of train.csv."
        )
        return Laid(tree(texts), frozenset(["train.csv", "score.py"]), brief, setup)

    def evaluate(self, files: Tree) -> Verdict:
        setup = self.laid.rest
        study, found = STUDIES[setup["study"]], data_of(setup)
        code = f"from model import predict\nshow(predict({found.train!r}, {asked(study, found.hidden)!r}))"
        (answer,) = ask(files, [code], self.seconds)
        scale = f"{found.plain:.3f} as found, {found.better:.3f} by the better model"
        try:
            if answer.error or not answer.shown or not isinstance(answer.shown[0], list):
                raise ValueError(answer.error or "predict returns no list")
            value = measured(study, found.hidden, answer.shown[0])
        except ValueError as problem:
            return Verdict.of(Criterion("progress", False, 0.0, f"no {study.metric}: {problem}; {scale}"))
        share = progress(found, value)
        return Verdict.of(Criterion("progress", share >= ENOUGH, share, f"{study.metric} {value:.3f}; {scale}"))

    def target(self) -> Mapping[str, str]:
        return {"model.py": studies.model(self.laid.rest["study"], "better")}


def data_of(setup: Json) -> Data:
    """The data of a task."""
    return studies.data(json.dumps({key: setup[key] for key in ("study", "parameters", "seed")}, sort_keys=True))


def goal(found: Data) -> float:
    """The metric from which on a task has passed."""
    return found.plain + ENOUGH * (found.better - found.plain)
