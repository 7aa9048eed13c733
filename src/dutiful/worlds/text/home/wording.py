"""Instructions in words: several wordings for each kind of task, some of them kept from training.

The places of a template: `{it}` "the red mug" or "a mug"; `{one}` "red mug"; `{many}` "mugs"; `{there}` "in the cabinet of the
kitchen"; `{lamp}` "desk lamp".
"""

from __future__ import annotations

from random import Random

from dutiful.worlds.text.home.goal import Goal

SEEN: dict[str, tuple[str, ...]] = {
    "put": (
        "put {it} {there}",
        "please place {it} {there}",
        "I'd like {it} {there}, please",
        "{it} belongs {there}",
        "find {it} and put it {there}",
        "take {it} and leave it {there}",
    ),
    "two": (
        "put two {many} {there}",
        "please place two {many} {there}",
        "I'd like two {many} {there}, please",
        "two {many} belong {there}",
        "find two {many} and put them {there}",
        "take two {many} and leave them {there}",
    ),
    "clean": (
        "put a clean {one} {there}",
        "clean {it} and put it {there}",
        "I'd like a clean {one} {there}, please",
        "a clean {one} belongs {there}",
        "find {it}, clean it and leave it {there}",
        "please wash {it} and place it {there}",
    ),
    "heat": (
        "put a hot {one} {there}",
        "heat {it} and put it {there}",
        "I'd like a hot {one} {there}, please",
        "a hot {one} belongs {there}",
        "find {it}, heat it and leave it {there}",
        "please warm {it} and place it {there}",
    ),
    "cool": (
        "put a cold {one} {there}",
        "cool {it} and put it {there}",
        "I'd like a cold {one} {there}, please",
        "a cold {one} belongs {there}",
        "find {it}, cool it and leave it {there}",
        "please chill {it} and place it {there}",
    ),
    "look": (
        "look at {it} under the {lamp}",
        "please examine {it} under the {lamp}",
        "I'd like to see {it} under the {lamp}, please",
        "hold {it} under the {lamp} and look at it",
        "find {it} and look at it under the {lamp}",
        "turn on the {lamp} and look at {it}",
    ),
}

UNSEEN: dict[str, tuple[str, ...]] = {
    "put": ("could you get {it} {there}?", "{it} should be {there}", "bring {it} and set it {there}"),
    "two": ("could you get two {many} {there}?", "two {many} should be {there}", "bring two {many} and set them {there}"),
    "clean": ("could you get a clean {one} {there}?", "{it} should be clean and {there}", "rinse {it} and set it {there}"),
    "heat": ("could you get a hot {one} {there}?", "{it} should be hot and {there}", "warm up {it} and set it {there}"),
    "cool": ("could you get a cold {one} {there}?", "{it} should be cold and {there}", "cool down {it} and set it {there}"),
    "look": (
        "could you inspect {it} by the {lamp}?",
        "switch on the {lamp} and examine {it}",
        "{it} should be seen under the {lamp}",
    ),
}


def article(words: str) -> str:
    """Words with "a" or "an"."""
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def wordings(goal: Goal, which: str) -> tuple[str, ...]:
    """The wordings of a goal: those "seen" in training, or "unseen"."""
    return (SEEN if which == "seen" else UNSEEN)[goal.kind]


def say(goal: Goal, template: str) -> str:
    """A goal in the words of a template."""
    return template.format(
        it=f"the {goal.name}" if goal.colour else article(goal.thing),
        one=goal.name,
        many=goal.names,
        there=f"{goal.preposition} the {goal.where}",
        lamp=goal.where,
    )


def draw(goal: Goal, which: str, random: Random) -> tuple[str, str]:
    """An instruction, and where its wording comes from ("seen/3")."""
    choices = wordings(goal, which)
    number = random.randrange(len(choices))
    return say(goal, choices[number]), f"{which}/{number}"
