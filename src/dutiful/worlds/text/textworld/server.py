"""The process that generates, compiles and plays TextWorld games: run as a script, it imports nothing of dutiful.

One JSON object a line comes in, one goes out. `{"do": "describe", ...}` generates a game and keeps it in a folder, `"start"`
compiles and starts it, `"step"` carries a command out. An answer with the key "error" says what went wrong. The interpreter of
the games is a C library, which may take its process down; so it has one of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

CHALLENGES = {"coin": "tw-coin_collector", "treasure": "tw-treasure_hunter", "cooking": "tw-cooking", "simple": "tw-simple"}
FOODS = {"train": "train", "validation": "valid", "test": "test"}


def settings(kind: str, level: int, split: str, seed: int) -> dict[str, Any]:
    """What the package's own generator of that kind is told."""
    if kind in ("coin", "treasure"):
        return {"level": level}
    if kind == "simple":
        return {"rewards": "dense", "goal": "detailed", "test": False}
    food = {"recipe": level, "take": level, "cook": level > 1, "cut": level > 2}
    return {**food, "open": True, "drop": False, "go": 6, "recipe_seed": seed, "split": FOODS[split]}


def describe(folder: str, name: str, kind: str, level: int, split: str, seed: int) -> dict[str, Any]:
    """Generates a game, unless it is there, and tells what it asks for."""
    from textworld import challenges
    from textworld.generator.game import GameOptions

    options = GameOptions()
    options.seeds = seed
    game = challenges.CHALLENGES[CHALLENGES[kind]][1](settings(kind, level, split, seed), options)
    said = {"objective": game.objective}
    _into(folder, f"{name}.json", game.save)
    _into(folder, f"{name}.said", lambda path: Path(path).write_text(json.dumps(said)))
    return said


class Play:
    """The game that is being played."""

    def __init__(self):
        self.env: Any = None
        self.playing: tuple[Path, bool] | None = None

    def start(self, folder: str, name: str, policy: bool) -> dict[str, Any]:
        """Starts a game from the beginning; with `policy` every answer has a winning way from there, which takes longer."""
        import textworld
        from textworld.generator import compile_game
        from textworld.generator.game import Game, GameOptions

        path = Path(folder) / f"{name}.z8"
        if not path.exists():
            with tempfile.TemporaryDirectory(dir=folder) as place:
                options = GameOptions()
                options.path, options.force_recompile = str(Path(place) / "game.z8"), True
                made = compile_game(Game.load(str(path.with_suffix(".json"))), options)
                shutil.copy(Path(made).with_suffix(".json"), Path(place) / "kept.json")
                Path(place, "kept.json").replace(path.with_suffix(".json"))
                Path(made).replace(path)
        told = dict.fromkeys(("admissible_commands", "won", "lost", "score", "max_score", "description", "inventory"), True)
        if self.playing != (path, policy):
            if self.env is not None:
                self.env.close()
            self.env = textworld.start(str(path), request_infos=textworld.EnvInfos(policy_commands=policy, **told))
            self.playing = path, policy
        self.env.seed(0)
        return _told(self.env.reset())

    def step(self, command: str) -> dict[str, Any]:
        """Carries a command out."""
        return _told(self.env.step(command)[0])


def _told(state: Any) -> dict[str, Any]:
    return {
        "text": state.feedback,
        "choices": sorted(set(state.admissible_commands or ())),
        "score": (state.score or 0) / (state.max_score or 1),
        "won": bool(state.won),
        "lost": bool(state.lost),
        "mark": f"{state.description}\n{state.inventory}\n{state.score}",
        "way": list(state.policy_commands or ()),
    }


def _into(folder: str, name: str, write: Any) -> None:
    """A file that is there as a whole, or not at all."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = Path(place) / name
        write(str(path))
        path.replace(Path(folder) / name)


def main() -> None:
    """Answers until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    play = Play()
    verbs = {"describe": describe, "start": play.start, "step": play.step}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = verbs[asked.pop("do")](**asked)
        except Exception as problem:
            answer = {"error": f"{type(problem).__name__}: {problem}", "trace": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
