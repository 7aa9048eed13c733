"""A world in which an action is a block of Python, and the tools are functions in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dutiful.core.errors import EpisodeEvent, WorldFailure
from dutiful.core.records import Action, Observation, Task
from dutiful.core.world import Tool, World
from dutiful.kit import calls, notations, programs
from dutiful.kit.calls import Call
from dutiful.kit.notations import EXAMPLE, SHOWN, Written, code_in, identifiers, value_of
from dutiful.kit.notations.values import place

if TYPE_CHECKING:
    from dutiful.kit.interpreter import Interpreter, Ran

KEPT = ("variables are kept from turn to turn", "variables are forgotten after each turn")
NOTHING = "The block ended without printing anything."
CUT = 2000
"""Characters of an observation, as in the paper."""


class Programmed(Written):
    """A world in which an action is a block of Python. One step of it is as many steps of `inner` as the block makes calls."""

    def __init__(
        self, inner: World, stateless: bool = False, tracebacks: bool = True, seconds: float = 5.0, backend: str = "auto"
    ):
        super().__init__(inner, notations.PYTHON)
        self.stateless, self.tracebacks, self.seconds, self.backend = stateless, tracebacks, seconds, backend
        self._interpreter: Interpreter | None = None
        self._seen, self._begun = Observation(), False

    @property
    def how(self) -> str:
        """How to act: what an agent is told once."""
        what = "The tools are functions." if self.can("tools") else 'act("...") does one action and returns what is then seen.'
        shown = notations.PYTHON.write(SHOWN, [EXAMPLE]) if self.can("tools") else 'act("...")'
        renamed = [f"{tool.name} is {name}" for name, tool in self._tools().items() if name != tool.name]
        return (
            f"Answer with one block of Python and nothing else. {' '.join([what, *renamed])} Loops, branches and variables may "
            f"be used; {KEPT[self.stateless]}. You see what is printed and the value of the last expression. For example:\n"
            f"```python\n{shown}\n```"
        )

    @property
    def rules(self) -> str:  # type: ignore[override]
        return "\n".join(filter(None, (self.inner.rules, self.how if self.can("dialogue") else "")))

    def blocks(self, said: str) -> list[str]:
        """The blocks of code in what a model said; where a user talks, words without fences are a reply."""
        if self.can("dialogue") and "```" not in said:
            return [said.strip()] if said.strip() else []
        found = code_in(said)
        return [self._block(block) for block in found]

    def reset(self, task: Task) -> Observation:
        self._seen, self._begun = self.inner.reset(task), False
        self._open()
        return self._seen

    def step(self, action: Action) -> Observation:
        if not action.tool and action.text in self._seen.choices:
            action = action.replace(text=f"act({action.text!r})")
        return super().step(action)

    def _step(self, action: Action) -> Observation:
        code = action.text
        if self.can("dialogue"):
            code = next(iter(code_in(code)), "") if "```" in code else ""
        if action.tool or not code:
            self._seen = self.inner.step(action)
            return self._seen
        assert self._interpreter is not None, "reset() opens it"
        before, self._begun = self._seen, True
        ran = self._interpreter.run(code)
        if self.stateless:
            self._interpreter.close()  # the next run begins anew
        info = {name: value for name, value in self._seen.info.items() if name != "refused"}
        info |= {"refused": cut(ran.error)} if ran.error else {}
        reward = self._seen.reward if self._seen is not before else 0.0
        return self._seen.replace(text=cut(self._shown(ran)) or NOTHING, reward=reward, info=info)

    def _shown(self, ran: Ran) -> str:
        error = (ran.error if self.tracebacks else "The block ended with an error.") if ran.error else ""
        return "\n".join(part.rstrip("\n") for part in (ran.output, ran.value or "", error) if part)

    def expert(self) -> Action:
        """At first the whole program, where the world has one; else the next action of the world's expert, as code."""
        program = self.program()
        if program and not self._begun:
            return Action(self._block(programs.to_python(program)))
        action = self.inner.expert()
        if not self.can("tools"):
            return Action(f"act({action.text!r})", action.thought)
        written = self.put(action)
        return Action(self._block(written.text) if written.tool else action.text, action.thought)

    def _block(self, code: str) -> str:
        """Code, between fences where a user talks: there, other words are a reply."""
        return f"```python\n{code}\n```" if self.can("dialogue") else code

    def snapshot(self) -> Any:
        assert self._interpreter is not None, "reset() opens it"
        return self.inner.snapshot(), self._interpreter.snapshot(), self._seen, self._begun

    def restore(self, state: Any) -> Observation:
        inner, memory, self._seen, self._begun = state
        seen = self.inner.restore(inner)
        assert self._interpreter is not None, "reset() opens it"
        self._interpreter.restore(memory)
        return seen

    def close(self) -> None:
        if self._interpreter:
            self._interpreter.close()
            self._interpreter = None
        super().close()

    def _tools(self) -> dict[str, Tool]:
        return identifiers(self.tools()) if self.can("tools") else {}

    def _open(self) -> None:
        from dutiful.kit.interpreter import Interpreter

        if self._interpreter:
            self._interpreter.close()
        functions: dict[str, Callable[..., Any]] = {name: self._function(tool) for name, tool in self._tools().items()}
        self._interpreter = Interpreter(functions or {"act": self._act}, self.backend, self.seconds, output=CUT)

    def _function(self, tool: Tool) -> Callable[..., Any]:
        names = list(calls.parameters(tool))

        def function(*positional: Any, **named: Any) -> Any:
            given = {place(at, names): value for at, value in enumerate(positional)}
            if twice := set(given) & set(named):
                raise TypeError(f"{tool.name}() got {', '.join(sorted(twice))} twice")
            return self._inside(calls.action(Call(tool.name, given | named)))

        return function

    def _act(self, text: str) -> Any:
        return self._inside(Action(str(text)))

    def _inside(self, action: Action) -> Any:
        """One step of the inner world; what it refuses is raised, what it gives as JSON becomes a value."""
        if self._seen.done:
            raise RuntimeError("the episode is over")
        try:
            self._seen = self.inner.step(action)
        except EpisodeEvent:
            raise
        except Exception as problem:  # an error of the harness is not for the agent to catch
            raise WorldFailure(f"{type(problem).__name__}: {problem}") from problem
        text, info = self._seen.text, self._seen.info
        if "refused" in info or text.startswith("Error: "):
            raise RuntimeError(text.removeprefix("Error: "))
        return info.get("result", value_of(text)) if self.can("tools") else text


def cut(text: str, most: int = CUT) -> str:
    """At most so many characters; what is left out is in the middle, and said."""
    if len(text) <= most:
        return text
    note = f"\n... {len(text)} characters in all ...\n"
    head = (most - len(note)) // 2
    return text[:head] + note + text[len(text) - (most - len(note) - head) :]
