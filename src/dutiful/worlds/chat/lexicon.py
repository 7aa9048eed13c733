"""Words that chat worlds make their sentences of. All written for this library."""

from __future__ import annotations

NAMES = (
    "Anna",
    "Boris",
    "Clara",
    "David",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Irene",
    "Jonas",
    "Karin",
    "Lukas",
    "Marta",
    "Niels",
)
DAYS = ("on Sunday", "last week", "in June", "this morning", "after work")
GOOD = ("wonderful", "delightful", "excellent", "lovely", "superb", "charming", "brilliant", "fantastic", "pleasant", "amazing")
BAD = ("awful", "terrible", "dreadful", "horrible", "boring", "disappointing", "miserable", "useless", "unpleasant", "ugly")
REVIEWED = (
    "film", "hotel", "concert", "novel", "dinner", "garden", "lecture", "museum", "phone", "song",
    "holiday", "play", "bakery", "game", "speech", "chair", "beach", "show", "guide", "painting",
)  # fmt: skip
SPORT = (
    "scored two goals", "won the tennis match", "ran a marathon", "lost the football final", "swam forty lengths",
    "joined the hockey team", "trained for the race", "threw the ball to the goalkeeper", "broke the high jump record",
    "coached the basketball club",
)  # fmt: skip
FOOD = (
    "baked an apple cake", "cooked lentil soup", "ordered a large pizza", "ate noodles with peas", "fried some eggs",
    "tasted the goat cheese", "made bread and butter", "peeled the potatoes", "roasted a chicken", "shared a bowl of rice",
)  # fmt: skip
THINGS = ("apples", "books", "chairs", "coins", "stamps", "lamps")
PLACES = ("on the table", "in the box", "in the cellar", "at the market")
DONE_TO = ("thanked", "called", "helped", "followed", "visited", "praised", "met", "greeted")
