"""A user's own words as a goal: words are looked up longest first, and what remains must be none."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dutiful.core.errors import NotGrounded
from dutiful.worlds.text.home.catalogue import COLOURS, LAMPS, NEEDS, PLACES, ROOMS, THINGS, fits
from dutiful.worlds.text.home.generate import rooms_with
from dutiful.worlds.text.home.goal import Goal

_THINGS = {"bread": "loaf", "mugs of": "mug", "teacup": "cup", "dish": "plate", "saucepan": "pot", "frying pan": "pan"}
_THINGS |= {"loaf of bread": "loaf", "loaves of bread": "loaf", "breads": "loaf", "dishes": "plate", "wristwatch": "watch"}
_PLACES = {
    "cupboard": "cabinet",
    "refrigerator": "fridge",
    "basin": "sink",
    "couch": "sofa",
    "countertop": "counter",
    "closet": "wardrobe",
    "shelves": "shelf",
    "bookshelf": "shelf",
    "hob": "stove",
    "cooker": "stove",
    "desktop": "desk",
}
_ROOMS = {"lounge": "living room", "study": "office", "hallway": "hall", "corridor": "hall"}
_LAMPS = {"lamp": "", "light": "", "desklamp": "desk lamp", "table lamp": "desk lamp", "reading lamp": "desk lamp"}
_LAMPS |= {"standing lamp": "floor lamp", "floorlamp": "floor lamp"}
_STATES = {
    "clean": "clean washed wash rinse rinsed cleaned scrub",
    "heat": "hot warm heat heated warmed microwave cook cooked",
    "cool": "cold cool chill chilled cooled",
}
_LOOK = "look looked examine examined inspect see seen read"
_NOUNS = {"colour", "state", "thing", "many"}
_BESIDE = "under beneath by with near"
_FILL = (
    "put place set leave bring take move find get fetch have hold turn switch store lay carry should shall must be is are and "
    "then it them i i'd id we you like want need would could can will please kindly in on at to into onto inside "
    "of for up down there their its the a an some any that this belongs belong goes make sure me my your one"
)


class _Vocabulary(NamedTuple):
    """A phrase of one or more words, to pairs (role, meaning)."""

    phrases: Mapping[str, tuple[str, str]]
    longest: int


def _vocabulary() -> _Vocabulary:
    phrases: dict[str, tuple[str, str]] = dict.fromkeys(_FILL.split(), ("fill", ""))
    phrases |= dict.fromkeys(_LOOK.split(), ("look", ""))
    phrases |= {word: ("state", kind) for kind, words in _STATES.items() for word in words.split()}
    phrases |= {
        "two": ("count", "2"),
        "pair": ("count", "2"),
        "both": ("count", "2"),
        "2": ("count", "2"),
        "single": ("count", "1"),
    }
    phrases |= {colour: ("colour", colour) for colour in COLOURS}
    phrases |= {room: ("room", room) for room in ROOMS} | {word: ("room", room) for word, room in _ROOMS.items()}
    phrases |= {name: ("place", name) for name in PLACES if PLACES[name].receives}
    phrases |= {word: ("place", place) for word, place in _PLACES.items()}
    phrases |= dict.fromkeys(_BESIDE.split(), ("beside", ""))
    phrases |= {lamp: ("lamp", lamp) for lamp in LAMPS} | {word: ("lamp", lamp) for word, lamp in _LAMPS.items()}
    for name, kind in THINGS.items():
        phrases[name], phrases[kind.plural] = ("thing", name), ("many", name)
    phrases |= {word: ("thing", thing) for word, thing in _THINGS.items() if " of" not in word or thing == "loaf"}
    return _Vocabulary(phrases, max(phrase.count(" ") + 1 for phrase in phrases))


def understands() -> list[str]:
    """What can be said: patterns, then vocabularies."""
    rows = [
        "put the red cup on the desk | put two books on the shelf of the office",
        "put a clean mug in the cabinet of the kitchen | heat the potato and put it on the table | cool an apple and ...",
        "look at the vase under the floor lamp",
        f"colours: {', '.join(COLOURS)}",
        f"things: {', '.join(THINGS)}",
    ]
    for kind, use in NEEDS.items():
        able = [name for name, thing in THINGS.items() if use in thing.can]
        rows.append(f"to {kind if kind != 'look' else 'look at'}: {', '.join(able)}")
    rows.append(f"places: {', '.join(name for name, place in PLACES.items() if place.receives)}")
    rows.append(f"lamps: {', '.join(LAMPS)}")
    return rows + [f"rooms: {', '.join(ROOMS)}"]


def goal_of(instruction: str) -> Goal:
    """The goal of an instruction in free words; raises NotGrounded with the reason and all that can be said."""

    def fail(why: str) -> NotGrounded:
        return NotGrounded(instruction, why, understands())

    found = _roles(instruction, fail)
    meant = {role: [meaning for its, meaning in found if its == role] for role in ("thing", "many", "place", "room", "colour")}
    lamps = [meaning for role, meaning in found if role == "lamp"]
    states = {meaning for role, meaning in found if role == "state"}
    two = ("count", "2") in found
    thing = _one(meant["thing"] + meant["many"], "thing", fail, "say what to handle: a thing such as 'red mug'")
    looks = any(role == "look" for role, _ in found)
    kind = "look" if looks else "two" if two else next(iter(states), "put")
    if len(states) > 1 or (states and kind in {"two", "look"}):
        raise fail(f"it asks for {' and '.join(sorted(states | ({kind} - states)))} at once; one of these at a time")
    if meant["many"] and not two:
        raise fail(f"how many {THINGS[thing].plural}? Say 'two {THINGS[thing].plural}' or 'a {thing}'")
    if not fits(kind, thing):
        able = [name for name in THINGS if fits(kind, name)]
        raise fail(f"a {thing} is nothing to {'look at under a lamp' if kind == 'look' else kind}; there are: {', '.join(able)}")
    for (role, meaning), (after, what) in itertools.pairwise([*found, ("end", "")]):
        if (role == "state" and after in {"place", "lamp", "room"}) or (role == "colour" and after not in _NOUNS):
            raise fail(
                f"{meaning!r} must stand before a thing{f', not before {what!r}' if what else ''}: places have no such marks"
            )
    room = _one(meant["room"], "room", fail) if meant["room"] else ""
    colour = _one(meant["colour"], "colour", fail) if meant["colour"] else ""
    if colour and colour not in THINGS[thing].colours:
        raise fail(f"there is no {colour} {thing}; there are {', '.join(THINGS[thing].colours)} ones")
    if lamps and (not looks or meant["place"]):
        raise fail("a lamp is for looking at something under it: say 'look at the vase under the floor lamp', and no other place")
    if kind == "look":
        if not lamps:
            raise fail("under which lamp? Say 'under the desk lamp' or 'under the floor lamp'")
        place = _one(list(dict.fromkeys(lamps)), "lamp", fail)
    else:
        if ("beside", "") in found:
            raise fail("a thing can only be put in or on a place here")
        place = _one(meant["place"], "place", fail, f"say where the {thing} shall go: a place such as 'on the table'")
    if room and room not in rooms_with(place):
        raise fail(f"the {room} has no {place or 'lamp'}; these have: {', '.join(rooms_with(place))}")
    return Goal(kind, thing, colour, place, room)


def _roles(instruction: str, fail) -> list[tuple[str, str]]:
    """Every word's role, longest phrases first; raises for a word that has none."""
    vocabulary = _vocabulary()
    words = re.findall(r"[\w']+", instruction.lower().replace("’", "'"))
    if not words:
        raise fail("it says nothing")
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(words):
        for size in range(min(vocabulary.longest, len(words) - place), 0, -1):
            meaning = vocabulary.phrases.get(" ".join(words[place : place + size]))
            if meaning:
                found.append(meaning)
                place += size
                break
        else:
            content = [phrase for phrase, (role, _) in vocabulary.phrases.items() if role not in {"fill", "beside"}]
            near = difflib.get_close_matches(words[place], content, n=1, cutoff=0.6)
            hint = f"; the nearest word it knows is {near[0]!r}" if near else ""
            raise fail(f"the word {words[place]!r} is unknown here{hint}")
    return found


def _one(values: Iterable[str], what: str, fail, none: str = "") -> str:
    values = list(dict.fromkeys(values))
    if not values:
        raise fail(none or f"it names no {what}")
    if len(values) > 1:
        raise fail(f"it names more than one {what}: {', '.join(values)}")
    return values[0]
