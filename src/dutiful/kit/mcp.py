"""The Model Context Protocol, both ways: a server's tools from synchronous code, and a world served as a server.

client = Client("python -m some_server")        a process by its command, or a server by its URL
client.tools();  client.call(Call("get_order", {"order_id": "A17"}))
serve(world, task)                              over standard input and output, until the other side hangs up

Needs the package `mcp` (extra [mcp]).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import importlib
import os
import shlex
import threading
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from dutiful.core.episode import Recorder
from dutiful.core.errors import MissingExtra, SpecError, WorldFailure
from dutiful.core.records import Action
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call

R = TypeVar("R")
ACT = Tool(
    "act",
    "Does one thing in the world, said in words.",
    {"type": "object", "properties": {"action": {"type": "string"}}, "required": ["action"]},
)
"""The one tool of a world that has none of its own."""


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra("the Model Context Protocol", "mcp", "mcp") from error


class Answer(NamedTuple):
    """What a tool of a server gave back; `failed` where the server says that it went wrong."""

    text: str
    failed: bool


class Client:
    """A server, living in a thread of its own; `seconds` is what any answer may take. Raises WorldFailure when it breaks.

    A command is started without a shell, in the environment given (that of this process where None).
    """

    def __init__(self, server: str, seconds: float = 30.0, environment: Mapping[str, str] | None = None):
        self.server, self.seconds = server, seconds
        mcp: Any = _package("mcp")
        if server.startswith(("http://", "https://")):
            target: Any = server
        else:
            words = shlex.split(server)
            if not words:
                raise SpecError("an MCP server is named by its command or its URL, not by an empty text")
            inherited = dict(os.environ) if environment is None else dict(environment)
            target = mcp.StdioServerParameters(command=words[0], args=words[1:], env=inherited)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mcp", daemon=True)
        self._thread.start()
        self._over = asyncio.Event()
        ready: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._life = asyncio.run_coroutine_threadsafe(self._live(mcp.Client(target), ready), self._loop)
        try:
            self._client = ready.result(seconds)
        except Exception as error:
            self.close()
            raise WorldFailure(f"the MCP server {server!r} does not start: {_reason(error)}") from error

    async def _live(self, client: Any, ready: concurrent.futures.Future[Any]) -> None:
        try:
            async with client:
                ready.set_result(client)
                await self._over.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _ask(self, what: str, question: Awaitable[R]) -> R:
        async def asked() -> R:
            return await question

        future = asyncio.run_coroutine_threadsafe(asked(), self._loop)
        try:
            return future.result(self.seconds)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise WorldFailure(f"the MCP server {self.server!r} does not answer {what} within {self.seconds:g} s") from None
        except Exception as error:
            raise WorldFailure(f"the MCP server {self.server!r} breaks at {what}: {_reason(error)}") from error

    def tools(self) -> list[Tool]:
        """The server's tools."""
        found: list[Tool] = []
        cursor = None
        while True:
            page = self._ask("its list of tools", self._client.list_tools(cursor=cursor))
            found += [Tool(each.name, each.description or "", each.input_schema) for each in page.tools]
            cursor = page.next_cursor
            if not cursor:
                return found

    def call(self, call: Call) -> Answer:
        """Carries a call out."""
        done = self._ask(call.tool, self._client.call_tool(call.tool, call.arguments))
        parts = [getattr(each, "text", f"[{each.type}]") for each in done.content]
        return Answer("\n".join(parts), bool(done.is_error))

    def close(self) -> None:
        """Ends the session and its process; may be called twice."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._over.set)
        try:
            self._life.result(10)
        except (Exception, concurrent.futures.CancelledError):
            self._life.cancel()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        if not self._thread.is_alive():
            self._loop.close()


def _reason(error: BaseException) -> str:
    inner: Any = error
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return f"{type(inner).__name__}: {inner}"  # pyright: ignore[reportUnknownArgumentType]


def serve(world: World, recorder: Recorder) -> None:
    """Serves a world on which a task is laid out, over standard input and output, until the other side hangs up.

    The instruction stands in the server's instructions; every call is a step of the recorder's episode. A world without tools
    has one, `act`.
    """
    lowlevel, stdio, types = (_package(name) for name in ("mcp.server.lowlevel", "mcp.server.stdio", "mcp.types"))
    tools: Sequence[Tool] = world.tools() if world.can("tools") else (ACT,)
    listed = [types.Tool(name=each.name, description=each.description, input_schema=_schema(each)) for each in tools]

    async def list_tools(context: Any, params: Any) -> Any:
        return types.ListToolsResult(tools=listed)

    async def call_tool(context: Any, params: Any) -> Any:
        call = Call(params.name, dict(params.arguments or {}))
        try:
            text, failed = _step(world, recorder, call, tools)
        except WorldFailure as error:
            text, failed = str(error), True
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=failed)

    guide = f"{world.rules}\n{recorder.observation.text}\nInstruction: {recorder.task.instruction.text}"
    server = lowlevel.Server("dutiful", instructions=guide, on_list_tools=list_tools, on_call_tool=call_tool)

    async def run() -> None:
        async with stdio.stdio_server() as (reads, writes):
            await server.run(reads, writes, server.create_initialization_options())

    asyncio.run(run())


def _step(world: World, recorder: Recorder, call: Call, tools: Sequence[Tool]) -> tuple[str, bool]:
    if recorder.observation.done:
        return "The episode is over.", True
    if world.can("tools"):
        seen = recorder.step(world, calls.action(call))
    else:
        try:
            calls.check(call, tools)
        except ValueError as error:
            return str(error), True
        seen = recorder.step(world, Action(call.arguments["action"]))
    shown = seen.text if world.can("tools") or not seen.choices else f"{seen.text}\nYou can: {', '.join(seen.choices)}."
    return "\n".join(filter(None, (shown, seen.said))), bool(seen.info.get("refused"))


def _schema(tool: Tool) -> dict[str, Any]:
    return tool.parameters or {"type": "object", "properties": {}}
