"""A Java machine of one's own: started when first needed, given up when it dies or hangs."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import weakref
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dutiful.core.errors import DutifulError, MissingExtra, WorldFailure

_OPTIONS = (
    *("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),  # a quick start and few threads: a laboratory runs many
    *("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2"),  # identity hashes are all equal, so no set's order is chance
)


def folder(world: str, package: str) -> Path:
    """Where an installed package lies, without importing it; raises MissingExtra."""
    found = find_spec(package)
    if found is None or found.origin is None or find_spec("py4j") is None:
        raise MissingExtra(world, "text", package)
    return Path(found.origin).parent


def java(world: str) -> str:
    """The path of a Java runtime, of JAVA_HOME before that of PATH; raises DutifulError that says how to get one."""
    home = os.environ.get("JAVA_HOME")
    found = (home and shutil.which("java", path=str(Path(home) / "bin"))) or shutil.which("java")
    if not found:
        raise DutifulError(
            f"{world} needs Java, and there is no `java` on the PATH nor in JAVA_HOME: apt install default-jre-headless"
        )
    return found


class Jvm:
    """A process with a jar on its class path, and calls into it that take `seconds` at most.

    Calls may come from any thread; whoever shares one Java object among threads locks it. A call that finds the process
    dead, or waits too long, closes the machine and raises WorldFailure; `alive` is then False for good. The port on the
    loopback asks for a secret. The process ends with this object, and with this Python.
    """

    def __init__(self, world: str, jar: Path, seconds: float):
        from py4j.java_gateway import launch_gateway

        self.world, self.seconds = world, seconds
        logging.getLogger("py4j").addHandler(logging.NullHandler())  # what goes wrong is told by WorldFailure
        try:
            started: Any = launch_gateway(
                classpath=str(jar),
                cwd=str(jar.parent),
                javaopts=list(_OPTIONS),
                java_path=java(world),
                die_on_exit=True,
                enable_auth=True,
                return_proc=True,
                create_new_process_group=True,  # Ctrl-C ends a run in an orderly way, and must not take the games away first
            )
        except (OSError, ValueError) as problem:
            raise WorldFailure(f"{world}: the Java process does not start ({problem}); does `java -version` work?") from problem
        port, token, process = started
        self.process: subprocess.Popen[bytes] = process
        self.alive = True
        self._end = weakref.finalize(self, process.kill)
        self._gateway = _gateway(port, token, seconds, process)

    def make(self, path: str) -> Any:
        """A new object of a Java class, by its dotted name."""
        return self.call(self.named(path))

    def named(self, path: str) -> Any:
        """A Java class by its dotted name."""
        found = self._gateway.jvm
        for name in path.split("."):
            found = getattr(found, name)
        return found

    def call(self, method: Any, *arguments: Any) -> Any:
        """What a Java method returns; raises WorldFailure."""
        from py4j.protocol import Py4JError, Py4JJavaError

        if not self.alive:
            raise WorldFailure(f"{self.world}: the game's Java process is gone; reset(task) starts another")
        try:
            return method(*arguments)
        except Py4JJavaError as problem:
            raise WorldFailure(f"{self.world}: the game failed inside Java: {problem.java_exception}") from problem
        except (Py4JError, OSError) as problem:
            code = self._code()
            self.close()
            what = f"gave no answer within {self.seconds:g} s" if code is None else f"died (exit code {code})"
            raise WorldFailure(f"{self.world}: the game's Java process {what}; reset(task) starts another") from problem

    def joined(self, strings: Any) -> list[str]:
        """A Java list of strings as a Python one, in one message rather than one an item."""
        text = self.call(self.named("java.lang.String").join, "\n", strings)
        return text.split("\n") if text else []

    def _code(self) -> int | None:
        """The exit code, once the process has had a moment to leave one; None while it lives."""
        try:
            return self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """Ends the process at once; may be called twice, and from another thread, whose call then fails."""
        self.alive = False
        self._end()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self._gateway.close(keep_callback_server=True)


def _gateway(port: int, token: str, seconds: float, process: Any) -> Any:
    """Py4J's gateway, which asks once, and raises rather than writing to the root logger, when there is no answer."""
    from py4j.java_gateway import GatewayClient, GatewayParameters, JavaGateway
    from py4j.protocol import Py4JNetworkError

    class Client(GatewayClient):
        def send_command(self, command: Any, retry: bool = True, binary: bool = False) -> Any:
            connection: Any = self._get_connection()
            try:
                answer = connection.send_command(command)
            except Py4JNetworkError:
                connection.close(reset=True)
                raise
            if binary:
                return answer, self._create_connection_guard(connection)
            self._give_back_connection(connection)
            return answer

        def garbage_collect_object(self, target_id: Any) -> None:
            """Only a living process is told: this runs whenever Python collects garbage, and is no place for an error."""
            if process.poll() is None:
                super().garbage_collect_object(target_id)

    parameters = GatewayParameters(port=port, auth_token=token, read_timeout=seconds)
    return JavaGateway(gateway_client=Client(gateway_parameters=parameters), java_process=process)
