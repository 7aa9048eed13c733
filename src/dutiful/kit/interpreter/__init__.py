"""Python that an agent writes turn by turn: variables stay, functions call back into the host, faults come back as text.

    with Interpreter({"get_order": get_order}) as python:
        python.run("order = get_order('A17')")
        python.run("order['total'] * 2")            Ran(output="", value="84", error="")
        python.run("order['totl']")                 Ran(..., error='Traceback ... line 1 ... KeyError: ...')

Two backends. "monty": pydantic-monty (extra [code]), a small Python in Rust, fast, for short code that calls tools; no
generators, no inheritance, few modules. "box": the whole of CPython, in a `kit.box`. "auto" takes the first that is there.
"""

from dutiful.kit.interpreter.backend import Ran, Snapshot
from dutiful.kit.interpreter.interpreter import BACKENDS, Interpreter

__all__ = ["BACKENDS", "Interpreter", "Ran", "Snapshot"]
