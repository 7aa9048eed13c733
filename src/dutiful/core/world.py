"""World: a place where instructions are carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dutiful.core.parts import Part
from dutiful.core.records import Action, Json, Observation, Record, Task, Verdict


class Tool(Record, frozen=True):
    """A typed action: `parameters` is a JSON schema of an object. The same text serves JSON, code and MCP."""

    name: str
    description: str
    parameters: Json = {}


class World(Part):
    """Owns truth: its verdicts come from its state, never from the agent's words.

    One object runs one episode at a time; the lab makes one for each worker. Wrong actions are refused: the observation
    says why (`info["refused"]`), and the step counts. Capabilities on the card: "expert", "snapshot", "ground", "tools",
    "choices", "image", "state", "dialogue" (the user says the instruction turn by turn, and the actions are replies).
    """

    rules: str = ""
    """How to act here, in the words that an agent is shown once."""

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """The tasks of a split, always the same, made when asked for; raises SpecError for a split there is not."""
        raise NotImplementedError

    def reset(self, task: Task) -> Observation:
        """Lays a task out and returns what is seen first."""
        raise NotImplementedError

    def step(self, action: Action) -> Observation:
        """Carries an action out. After `done` it raises WorldFailure."""
        raise NotImplementedError

    def verdict(self) -> Verdict:
        """Whether the instruction is followed as things stand; callable at any step, the score is progress (0 to 1)."""
        raise NotImplementedError

    def expert(self) -> Action:
        """Capability "expert": the oracle's next action from here."""
        self._cannot("expert")

    def snapshot(self) -> Any:
        """Capability "snapshot": the whole state, to come back to with `restore`, any number of times."""
        self._cannot("snapshot")

    def restore(self, state: Any) -> Observation:
        """Capability "snapshot": goes back to a state of this task, and returns what is seen there."""
        self._cannot("snapshot")

    def ground(self, instruction: str, seed: int = 0) -> Task:
        """Capability "ground": a task from a user's own words; raises NotGrounded, listing what can be said."""
        self._cannot("ground")

    def tools(self) -> Sequence[Tool]:
        """Capability "tools": the typed actions."""
        self._cannot("tools")

    def close(self) -> None:
        """Lets go of processes and files; may be called twice."""
