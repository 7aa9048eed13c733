"""Words that are no admissible action: other ways to say one, and why an action cannot be done now.

A reason never tells what the agent has not seen.
"""

from __future__ import annotations

import re

from dutiful.kit.strips import normal
from dutiful.worlds.text.home.house import DONE, House, View

_VERBS = (
    ("pick up ", "take "),
    ("grab ", "take "),
    ("get ", "take "),
    ("place ", "put "),
    ("walk to ", "go to "),
    ("go into ", "go to "),
    ("enter ", "go to "),
    ("wash ", "clean "),
    ("chill ", "cool "),
    ("warm ", "heat "),
    ("switch on ", "turn on "),
    ("examine ", "look at "),
    ("shut ", "close "),
)
ALREADY = {"open": "open", "close": "closed", "light": "on"}
_SIDES = (("into", "in"), ("inside", "in"), ("onto", "on"), ("upon", "on"))


def plain(text: str) -> str:
    """An action in this world's own verbs, and without where a thing is taken from or worked on."""
    words = normal(text)
    for other, own in _VERBS:
        if words.startswith(other):
            words = own + words[len(other) :]
            break
    for other, own in _SIDES:
        words = words.replace(f" {other} ", f" {own} ")
    if words.startswith("take "):
        words = re.sub(r" (?:from|off|out of) .*", "", words)
    elif words.startswith(("clean ", "heat ", "cool ")):
        words = re.sub(r" (?:with|in|on|at|using) .*", "", words)
    elif words.startswith("look at "):
        words = re.sub(r" (?:under|by|with) .*", "", words)
    return words


def refusal(house: House, view: View, text: str) -> str:
    """Why words do nothing now, in a short sentence."""
    words = plain(text)
    numbers = house.words.read(words)
    if not numbers:
        near = house.words.nearest(words, view.state)
        return f"there is no such action; did you mean {near!r}?" if near else "there is no such action."
    here, held = house.room(view.state), house.held(view.state)
    name = house.task.actions[numbers[0]].name
    rows = [house.task.actions[number].args for number in numbers]
    row = next((row for row in rows if row[0] == here), None)
    thing, what = rows[0][-1], house.words.names[rows[0][1]]
    if name == "go":
        why = f"you are in the {here} already."
    elif name == "take":
        why = f"you already hold the {held}." if held else f"there is no {thing} to take here."
    elif name in ALREADY:
        why = f"the {what} is already {ALREADY[name]}." if row else f"there is no {what} here."
    elif held != thing:
        why = f"you do not hold the {thing}."
    elif name in {"put-in", "put-on"}:
        why = f"the {what} is closed." if row else f"there is no {what} here."
    elif name == "look":
        lamps = [house.words.names[lamp] for lamp, room in house.lamps.items() if room == here]
        why = f"the {lamps[0]} is off." if lamps else "there is no lamp here."
    else:
        why = f"the {thing} is already {DONE[name]}." if row else f"nothing here can {name} it."
    return why
