"""The sandbox runs what is harmless, and what tries to break out gets nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from dutiful.kit import confined
from dutiful.kit.sandbox import MODULES, Outcome, call, refusal


def one(body, *arguments, seconds=1.0, head=""):
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return call(f"{head}\ndef evaluate(response):\n{lines}\n", "evaluate", [arguments or ("text",)], seconds)[0]


def test_plain_checkers_run():
    code = "import re\nfrom collections import Counter\n"
    code += "def evaluate(response):\n    return Counter(re.findall(r'\\w+', response))['a'] >= 2"
    assert call(code, "evaluate", [("a b a",), ("b",), ("",)]) == [Outcome(True), Outcome(False), Outcome(False)]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_the_whitelist_can_be_imported(module):
    assert one(f"import {module}\nreturn {module} is not None") == Outcome(True)


@pytest.mark.parametrize(
    "body",
    [
        "import json\nreturn json.loads('[1]')[0]",
        "from datetime import datetime\nreturn datetime.strptime('2020', '%Y').year - 2019",
        "from collections import namedtuple\nreturn namedtuple('P', 'x')(1).x",
        "class A:\n    def f(self):\n        return 1\nreturn A().f()",
        "try:\n    return int('x')\nexcept ValueError:\n    return 1",
        "return sum(1 for _ in '1')",
    ],
)
def test_ordinary_python_works(body):
    assert one(body) == Outcome(1)


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "import socket",
        "from os import path",
        "from . import x",
        "import collections.abc",
        "x = ().__class__",
        "open('x')",
        "eval('1')",
        "f = getattr",
        "__import__('os')",
        "try:\n    pass\nexcept:\n    pass",
        "def f(:",
        "match x:\n    case object(__class__=c):\n        pass",
        "x = (i for i in y).gi_frame",
        "x = frame.f_back.f_globals",
        "x = type(1).mro()",
        "def f(t):\n    return t.tb_frame",
        "\0",
    ],
)
def test_syntax_that_could_break_out_is_refused(code):
    assert refusal(code)


ESCAPES = {
    "a module's modules": "import re\nreturn re.enum.sys.modules['os'].getpid()",
    "a module's modules, other way": "import json\nreturn json.decoder.scanner.re.enum.sys.version",
    "format strings give text alone": "return '{0.__class__.__mro__}'.format(1)",
    "files": "import re\nreturn re.open('x', 'w')",
    "a formatter takes attributes by name": "import string\nreturn string.Formatter().get_field('0.__class__', ((),), {})[0]()",
    "a wrapper copies attributes by name": "import functools\nreturn functools.wraps(len, assigned=('__self__',))(max)",
    "unknown names": "return system('id')",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_ways_around_the_syntax_lead_nowhere(name):
    outcome = one(ESCAPES[name])
    assert outcome.error or isinstance(outcome.value, str)


@pytest.mark.parametrize(
    "body", ["while True:\n    pass", "return 10 ** 10 ** 10", "import re\nreturn bool(re.match('(a+)+$', 'a' * 40 + 'b'))"]
)
def test_endless_work_is_ended(body):
    outcome = one(body, seconds=0.3)
    assert outcome.value is None and outcome.error


def test_one_endless_call_does_not_take_the_others_with_it():
    code = "def evaluate(response):\n    while response == 'hang':\n        pass\n    return True"
    outcomes = call(code, "evaluate", [("a",), ("hang",), ("b",)], seconds=0.3)
    assert [outcome.value for outcome in outcomes] == [True, None, True]


def test_swallowing_the_clock_does_not_help():
    outcome = one(
        "while True:\n    try:\n        while True:\n            pass\n    except Exception:\n        pass", seconds=0.2
    )
    assert outcome.value is None and outcome.error


def test_a_memory_bomb_goes_off_inside():
    outcome = one("x = [0]\nwhile True:\n    x = x + x\nreturn True", seconds=3)
    assert outcome.value is None and "MemoryError" in outcome.error


def test_output_and_strange_values_are_not_taken():
    assert one("print('noise')\nreturn True") == Outcome(True)
    assert "TypeError" in one("return [1]").error and one("return 'x' * 10 ** 6").value == "x" * 10_000
    assert "KeyError" in call("x = 1", "evaluate", [("a",)])[0].error
    assert "ValueError" in call("raise ValueError('top')", "evaluate", [("a",)])[0].error
    assert call("def evaluate(r):\n    return 1", "evaluate", []) == []


BEHIND = {  # what code could do if it got hold of these modules: the later walls, with the first one left out
    "write": "open('out.txt', 'w').write('x')",
    "read": "open('/etc/passwd').read()",
    "fork": "os.fork()",
    "system": "os.system('true')",
    "popen": "subprocess.Popen(['true'])",
    "socket": "socket.socket()",
    "listdir": "os.listdir('/')",
    "kill": "os.kill(os.getppid(), 9)",
    "unguard": "setattr(space['guard'], '__defaults__', (frozenset({'open'}),)); print('changed')",
    "import": "importlib.import_module('zipfile')",
}


@pytest.mark.parametrize("name", BEHIND)
def test_the_audit_hook_holds_where_the_syntax_wall_is_gone(name, tmp_path):
    script = (
        "import sys, os, socket, subprocess, importlib, runpy\n"
        f"space = runpy.run_path({str(Path(confined.__file__))!r})\n"
        "sys.addaudithook(space['guard'])\n"
        f"try:\n    {BEHIND[name]}\nexcept PermissionError as problem:\n    os.write(1, b'held')\n"
    )
    command = [sys.executable, "-I", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == "held", done.stderr
    assert not list(tmp_path.iterdir())
