"""Runs inside of the box: asks the code in /box what it does. Its text goes to Python there with -c; it imports nothing of ours.

Reads one JSON object from standard input: {"probes": [code, ...], "cpu": ..., "clock": ...}, seconds of the processor and in all
that each may take. After two that took too long the others are not asked. Every probe runs in a process of its own, where
`show(value)` gives a value to the one who asks, `caught(kind, function, *arguments)` says whether it raises, and
`called(module, arguments, stdin)` runs a program's `main` and gives [exit code, what it printed]. What comes back is a JSON line
for each probe: {"shown": [...], "error": "..."}. No expected value comes in here: there is nothing to read or to rewrite.
"""

import contextlib
import importlib
import io
import json
import os
import resource
import select
import signal
import sys
import time
import traceback

MOST = 1 << 18


def caught(kind, function, *arguments, **named):
    try:
        function(*arguments, **named)
    except kind:
        return True
    except Exception as problem:
        return type(problem).__name__
    return False


def called(module, arguments=(), stdin=""):
    out, sys.argv = io.StringIO(), [module, *arguments]
    sys.stdin = io.StringIO(stdin)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = importlib.import_module(module).main(list(arguments))
        except SystemExit as end:
            code = end.code
    code = code if isinstance(code, int) else 0 if code is None else 1
    return [int(code), out.getvalue()]


def probe(code, pipe):
    """In the child: never returns."""
    shown, error = [], ""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        sys.path.insert(0, "/box")

        def show(value):
            shown.append(json.loads(json.dumps(value)))  # as it is now, whatever becomes of it

        exec(compile(code, "probe", "exec"), dict(show=show, caught=caught, called=called, __name__="probe"))
    except BaseException as problem:
        error = "".join(traceback.format_exception_only(type(problem), problem)).strip()[:500]
    with contextlib.suppress(BaseException):
        data = json.dumps(dict(shown=shown, error=error)).encode()
        while data:
            data = data[os.write(pipe, data) :]
    os._exit(0)


def ask(code, cpu, clock):
    """The answer of one probe, as JSON text. It may take `cpu` seconds of the processor and `clock` seconds in all."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        probe(code, theirs)
    os.close(theirs)
    end, said, late = time.monotonic() + clock, b"", False
    while len(said) < MOST:
        left = end - time.monotonic()
        if left <= 0 or not select.select([ours], [], [], left)[0]:
            late = True
            break
        piece = os.read(ours, 65536)
        if not piece:
            break
        said += piece
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    os.close(ours)
    spent = used.ru_utime + used.ru_stime >= 0.9 * cpu and not said
    if late or spent or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return json.dumps(dict(shown=[], error="time-out"))
    try:
        found = json.loads(said)
        return json.dumps(dict(shown=list(found["shown"]), error=str(found["error"])))
    except Exception:
        return json.dumps(dict(shown=[], error="the process ended before it answered"))


def main():
    order = json.load(sys.stdin)
    print("ready", flush=True)
    late = 0
    for code in order["probes"]:
        said = ask(code, order["cpu"], order["clock"]) if late < 2 else json.dumps(dict(shown=[], error="time-out"))
        late += json.loads(said)["error"] == "time-out"
        print(said, flush=True)


main()
