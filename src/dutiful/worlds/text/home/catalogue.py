"""What there is in a home: rooms, places, things, and which pairs of thing and place belong to which split."""

from __future__ import annotations

from typing import NamedTuple

KINDS = ("put", "two", "clean", "heat", "cool", "look")
"""Put; put two; clean, heat or cool and then put; look at something under a lamp."""

SPLITS = ("train", "validation", "test")
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown")
LAMPS = ("desk lamp", "floor lamp")


class PlaceKind(NamedTuple):
    """A kind of place: `on` or `in`, whether it has a door, and what it does to things ("wash", "heat", "cool")."""

    preposition: str
    door: bool = False
    does: str = ""
    receives: bool = True


PLACES: dict[str, PlaceKind] = {
    "table": PlaceKind("on"),
    "counter": PlaceKind("on"),
    "sink": PlaceKind("in", does="wash"),
    "fridge": PlaceKind("in", door=True, does="cool"),
    "stove": PlaceKind("on", does="heat"),
    "microwave": PlaceKind("in", does="heat", receives=False),
    "cabinet": PlaceKind("in", door=True),
    "drawer": PlaceKind("in", door=True),
    "shelf": PlaceKind("on"),
    "desk": PlaceKind("on"),
    "bed": PlaceKind("on"),
    "wardrobe": PlaceKind("in", door=True),
    "sofa": PlaceKind("on"),
    "chest": PlaceKind("in", door=True),
    "basket": PlaceKind("in"),
    "bench": PlaceKind("on"),
}

ROOMS: dict[str, tuple[str, ...]] = {
    "kitchen": ("table", "counter", "shelf", "basket", "cabinet", "drawer"),
    "bathroom": ("shelf", "basket", "bench", "cabinet"),
    "bedroom": ("bed", "desk", "table", "wardrobe", "chest"),
    "living room": ("sofa", "table", "shelf", "chest", "cabinet"),
    "office": ("desk", "shelf", "table", "drawer", "cabinet"),
    "hall": ("bench", "table", "basket", "wardrobe", "chest"),
    "nursery": ("bed", "shelf", "basket", "drawer", "chest"),
    "attic": ("sofa", "bench", "shelf", "chest", "wardrobe"),
}
"""A room's possible places. The kitchen has a sink, a fridge and a heater besides; the bathroom a sink."""

ROOM_LAMPS = {
    "bedroom": "desk lamp",
    "office": "desk lamp",
    "nursery": "desk lamp",
    "living room": "floor lamp",
    "hall": "floor lamp",
    "attic": "floor lamp",
}


class ThingKind(NamedTuple):
    """A kind of thing: its plural, its colours, and what can be done with it ("wash", "heat", "cool", "look")."""

    plural: str
    colours: tuple[str, ...]
    can: frozenset[str]


_PAINT = ("red", "blue", "green", "white", "black", "yellow")


def _thing(plural: str, can: str, *colours: str) -> ThingKind:
    return ThingKind(plural, colours or _PAINT, frozenset(can.split()))


THINGS: dict[str, ThingKind] = {
    "mug": _thing("mugs", "wash heat cool"),
    "cup": _thing("cups", "wash heat cool"),
    "plate": _thing("plates", "wash heat cool"),
    "bowl": _thing("bowls", "wash heat cool"),
    "pan": _thing("pans", "wash heat cool"),
    "pot": _thing("pots", "wash heat cool"),
    "bottle": _thing("bottles", "wash cool"),
    "knife": _thing("knives", "wash"),
    "fork": _thing("forks", "wash"),
    "spoon": _thing("spoons", "wash"),
    "apple": _thing("apples", "wash heat cool", "red", "green", "yellow"),
    "tomato": _thing("tomatoes", "wash heat cool", "red", "green", "yellow"),
    "potato": _thing("potatoes", "wash heat cool", "red", "brown", "yellow"),
    "egg": _thing("eggs", "heat cool", "white", "brown"),
    "loaf": _thing("loaves", "heat cool", "white", "brown"),
    "cake": _thing("cakes", "heat cool", "white", "brown", "yellow"),
    "towel": _thing("towels", "wash"),
    "book": _thing("books", "look"),
    "letter": _thing("letters", "look"),
    "card": _thing("cards", "look"),
    "watch": _thing("watches", "look"),
    "vase": _thing("vases", "wash look"),
    "phone": _thing("phones", "look"),
    "box": _thing("boxes", "look"),
    "pen": _thing("pens", "look"),
    "key": _thing("keys", "look"),
    "candle": _thing("candles", "look"),
    "pillow": _thing("pillows", "look"),
    "toy": _thing("toys", "wash look"),
    "coin": _thing("coins", "look", "red", "yellow", "brown"),
}

NEEDS = {"clean": "wash", "heat": "heat", "cool": "cool", "look": "look"}
"""What a thing must be able to take for a kind of task."""
STATES = {"clean": "clean", "heat": "hot", "cool": "cold"}
"""The state that a kind of task asks for."""

_TYPES = {name: number for number, name in enumerate(THINGS)}
_TARGETS = {name: number for number, name in enumerate((*PLACES, *LAMPS))}


def split_of(thing: str, place: str) -> str:
    """The one split whose goals join this kind of thing with this kind of place (or lamp).

    Numbering both, (thing + 3 place) mod 7 is 0 for test, 1 for validation and more for train: every thing and every
    place comes up in training, and each is held out with some others.
    """
    return {0: "test", 1: "validation"}.get((_TYPES[thing] + 3 * _TARGETS[place]) % 7, "train")


def fits(kind: str, thing: str) -> bool:
    """Whether a kind of thing can be the object of a kind of task."""
    return kind not in NEEDS or NEEDS[kind] in THINGS[thing].can
