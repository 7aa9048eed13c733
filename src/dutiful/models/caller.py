"""A model that has the plan right and writes calls wrong at a stated rate: for experiments on how calls are written."""

from __future__ import annotations

import ast
import random
import re
import zlib
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from dutiful.core.errors import ModelFailure
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source
from dutiful.core.world import World
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call
from dutiful.kit.notations import Written, identifiers, value_of
from dutiful.kit.programs import Program
from dutiful.models.scripted import Scripted

_FAILED = re.compile(r"^(?:[\w.]*(?:Error|Exception)\b|The block ended with an error)", re.MULTILINE)
_LINE = re.compile(r"\bline (\d+)")
_UNKNOWN = re.compile(r"name '(\w+)' is not defined")


class Caller(Model):
    """Deterministic, no weights: carries out the gold program of a world with tools, call by call or in blocks of Python.

    It knows the program (`world.program()`) and nothing else of the world: what tools returned it reads in the prompt. Each
    call that it writes is spoilt with probability `error`: the tool's name is misspelt, or the name of one argument, so that
    the call is refused. It sees the error and writes again, and may err again.

    - Calls (JSON, text, command line): one a turn; what was refused is written again, then comes the next; a loop is unrolled.
    - Blocks (`codeact`): the program as code, at most `block` written calls in each (0: all of them in one; a loop is written
      once and is not parted). After an error it goes on from the statement whose line the traceback names. Without a line it
      writes that block again. Once a variable that it had set is not defined any more, each block begins with all that went
      before, but for calls whose result nobody keeps.
    - The answer is a message of its own in both, read from what was printed last.

    The draws follow from the episode's seed and the prompt. `seconds` is a latency to wait on every call. Words are tokens.
    """

    card = Card(
        kind="model",
        name="caller",
        summary="the gold plan, each written call misspelt with a stated probability; no weights",
        capabilities=frozenset({"deterministic"}),
    )

    def __init__(self, error: float = 0.2, block: int = 0, seconds: float = 0.0):
        if not 0 <= error <= 1 or block < 0:
            raise ValueError(f"caller: error={error}, block={block}; expected a rate from 0 to 1, and 0 or more calls a block")
        self.error, self.block, self.seconds = error, block, seconds
        self._world: World | None = None
        self._seed = 0

    def bind(self, world: World, seed: int) -> Caller:
        bound = Caller(self.error, self.block, self.seconds)
        bound._world, bound._seed = world, seed
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        world, draw = self._world, random.Random(f"{self._seed}/{zlib.crc32(prompt.text.encode())}")
        program = world.program() if isinstance(world, Written) else getattr(world, "program", lambda: None)()
        if world is None or program is None:
            raise ModelFailure(f"the caller carries out the program of a world with tools, and {world!r} has none")
        if isinstance(world, Written) and world.notation.name == "python":
            text = Blocks(program, list(identifiers(world.tools())), self.block).next(exchanges(prompt))
            text = spoil_code(text, list(identifiers(world.tools())), self.error, draw)
        else:
            call = spoil(next_call(program, exchanges(prompt)), [tool.name for tool in world.tools()], self.error, draw)
            text = world.notation.write(call, world.tools()) if isinstance(world, Written) else calls.text(call)
        return Scripted(seconds=self.seconds, reply=lambda _: text).generate(prompt, sampling)

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        raise ModelFailure("the caller writes calls and chooses nothing: use it in a world with tools")


class Exchange(NamedTuple):
    """What the model said, and what it was shown for it."""

    said: str
    seen: str


def exchanges(prompt: Prompt) -> list[Exchange]:
    """Every message of the model in a prompt, with what came after it."""
    places = [i for i, span in enumerate(prompt) if span.source is Source.MODEL] + [len(prompt)]
    between = [prompt[a + 1 : b] for a, b in pairwise(places)]
    seen = ["\n".join(span.text for span in spans if span.source is Source.WORLD) for spans in between]
    return [Exchange(prompt[place].text, text) for place, text in zip(places, seen, strict=False)]


def next_call(program: Program, past: Sequence[Exchange]) -> Call:
    """The call that comes next, after those that the past shows; the same again after an error; `finish` after the last."""
    running, seen = programs.run(program), iter(past)
    try:
        wanted = next(running)
        for exchange in seen:
            if not exchange.seen.startswith("Error"):
                wanted = running.send(value_of(exchange.seen))
        return wanted
    except StopIteration as end:
        return _finish(end.value)
    except (LookupError, TypeError, ValueError):  # what came back is not what the program expects: it has no answer
        return _finish(None)


def _finish(answer: Any) -> Call:
    return Call("finish", {"answer": answer})


class Blocks:
    """A program in blocks of Python: `functions` are the tools' names there, `most` the written calls in a block (0: all)."""

    def __init__(self, program: Program, functions: Sequence[str], most: int = 0):
        tree = ast.parse(programs.to_python(program))
        self.statements = [ast.unparse(_Printing().visit(statement)) for statement in tree.body]
        self.functions, self.most = functions, most
        self.sets = [_set(statement) for statement in self.statements]

    def next(self, past: Sequence[Exchange]) -> str:
        """The block that comes next, after those that the past shows."""
        done, lost, printed = 0, False, ""
        for exchange in past:
            first, end = (0 if lost else done), self.end(done)
            failed = _FAILED.search(exchange.seen)
            if not failed:
                done, printed = end, exchange.seen or printed
                continue
            unknown = _UNKNOWN.search(exchange.seen)
            if unknown and any(unknown[1] in names for names in self.sets[:first]):
                lost = True
            elif not lost and (line := _LINE.search(exchange.seen)):
                done = self.at(first, end, int(line[1]))
        if done == len(self.statements):
            return f"finish(answer={_last(printed)!r})"
        kept = [text for text, names in zip(self.statements[:done], self.sets[:done], strict=True) if lost and names]
        return "\n".join([*kept, *self.statements[done : self.end(done)]])

    def end(self, done: int) -> int:
        """Where the block ends that begins with a statement: it holds at most `most` calls, and at least one statement."""
        written = 0
        for place in range(done, len(self.statements)):
            written += self.written(self.statements[place])
            if self.most and written > self.most and place > done:
                return place
        return len(self.statements)

    def written(self, text: str) -> int:
        """The calls of tools that are written in a statement."""
        return sum(_calls(node, self.functions) for node in ast.walk(ast.parse(text)))

    def at(self, first: int, end: int, line: int) -> int:
        """The statement that a line of a block belongs to."""
        for place in range(first, end):
            line -= self.statements[place].count("\n") + 1
            if line <= 0:
                return place
        return first


class _Printing(ast.NodeTransformer):
    """Prints an answer where the program would finish: the answer is a message of its own."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "finish":
            shown = ast.Call(ast.Name("repr", ast.Load()), [keyword.value for keyword in node.keywords], [])
            return ast.Call(ast.Name("print", ast.Load()), [shown], [])
        return self.generic_visit(node)


def _set(statement: str) -> set[str]:
    """The variables that a statement sets or appends to."""
    nodes = list(ast.walk(ast.parse(statement)))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    owners = [node.value for node in nodes if isinstance(node, ast.Attribute)]
    return stored | {owner.id for owner in owners if isinstance(owner, ast.Name)}


def _calls(node: ast.AST, functions: Collection[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions


def _last(printed: str) -> Any:
    """The value that was printed last."""
    try:
        return ast.literal_eval(printed.strip().splitlines()[-1])
    except (IndexError, ValueError, SyntaxError):
        return None


def spoil(call: Call, known: Collection[str], error: float, draw: random.Random) -> Call:
    """A call, misspelt with a probability: the tool's name, or the name of an argument."""
    if draw.random() >= error:
        return call
    name = draw.choice(["", *call.arguments])
    if not name:
        return Call(misspelt(call.tool, known, draw), call.arguments)
    wrong = misspelt(name, call.arguments, draw)
    return Call(call.tool, {wrong if key == name else key: value for key, value in call.arguments.items()})


def spoil_code(code: str, functions: Collection[str], error: float, draw: random.Random) -> str:
    """Code each of whose written calls is misspelt with a probability."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions):
            continue
        if draw.random() < error:
            named = draw.choice([None, *node.keywords])
            if named is None:
                node.func.id = misspelt(node.func.id, functions, draw)
            else:
                named.arg = misspelt(named.arg or "", {keyword.arg or "" for keyword in node.keywords}, draw)
    return ast.unparse(tree)


def misspelt(word: str, known: Collection[str], draw: random.Random) -> str:
    """The word with a letter left out, doubled or exchanged with the next; never one that is known."""
    for _ in range(20):
        at = draw.randrange(max(1, len(word) - 1))
        letters = word[at : at + 2]
        wrong = word[:at] + draw.choice([letters[1:], letters[0] + letters, letters[::-1]]) + word[at + 2 :]
        if wrong.isidentifier() and wrong != word and wrong not in known:
            return wrong
    return f"{word}s"
