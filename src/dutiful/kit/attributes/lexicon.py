"""Words and sentence patterns that texts with a known attribute are made of. All written for this library."""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOPICS: Mapping[str, tuple[str, ...]] = {
    "sports": _words("football goal match coach team player stadium tennis race medal referee league athlete"),
    "food": _words("soup bread kitchen recipe cheese dinner cook spice salad oven restaurant flavour butter"),
    "music": _words("song melody guitar concert piano singer drum orchestra rhythm chorus violin album band"),
    "travel": _words("journey passport hotel luggage airport tourist beach map suitcase flight destination guidebook cruise"),
    "health": _words("doctor medicine hospital nurse patient symptom vaccine clinic fever exercise therapy pulse diet"),
    "technology": _words("computer software phone robot internet chip screen programmer app battery server keyboard network"),
    "science": _words(
        "experiment laboratory atom theory microscope physicist molecule telescope hypothesis physics chemist data"
    ),
    "nature": _words("forest river mountain meadow lake flower waterfall valley tree moss cliff wilderness stream"),
    "animals": _words("dog cat elephant horse rabbit lion whale owl paw fur kitten puppy wolf"),
    "art": _words("painting sculpture gallery canvas artist portrait museum sketch brush exhibition statue easel palette"),
    "history": _words("empire castle king ancient century battle ruin knight archive dynasty monument medieval treaty"),
    "finance": _words("bank loan investor stock budget tax profit savings interest currency dividend mortgage shareholder"),
    "education": _words(
        "school teacher student lesson exam classroom homework university pupil textbook lecture grade blackboard"
    ),
    "family": _words("mother father sister brother grandmother cousin uncle daughter son parent aunt nephew household"),
    "fashion": _words("dress jacket fabric designer shoe tailor silk wardrobe hat scarf collar runway outfit"),
    "weather": _words("rain cloud storm sunshine snow wind forecast thunder fog temperature lightning drizzle hail"),
    "politics": _words("election minister parliament vote government senator law president campaign policy mayor ballot party"),
    "cars": _words("engine wheel driver brake motorway garage tyre petrol gearbox truck bumper windscreen steering"),
    "games": _words("chess puzzle dice console board joystick pawn domino quiz arcade checkers poker token"),
}
"""Nouns of nineteen topics."""

EMOTIONS: Mapping[str, tuple[str, ...]] = {
    "joy": _words("happy cheerful joyful delighted glad merry thrilled elated jolly blissful smiling laughing"),
    "sadness": _words("sad gloomy tearful sorrowful unhappy mournful lonely heartbroken weeping crying grieving downcast"),
    "anger": _words("angry furious irritated outraged annoyed raging enraged cross livid fuming resentful hostile"),
    "fear": _words("afraid scared frightened terrified anxious nervous panicked trembling fearful worried alarmed uneasy"),
    "love": _words("loving tender adoring affectionate devoted fond caring romantic beloved cherished passionate smitten"),
    "surprise": _words(
        "surprised astonished amazed startled stunned shocked speechless astounded baffled bewildered dazed agape"
    ),
}
"""Adjectives of six emotions."""

POLARITIES: Mapping[str, tuple[str, ...]] = {
    "positive": _words(
        "good great excellent wonderful lovely brilliant superb pleasant delightful fantastic charming perfect "
        "beautiful splendid marvellous enjoyable impressive outstanding"
    ),
    "negative": _words(
        "bad awful terrible horrible dreadful boring poor disappointing unpleasant useless ugly miserable "
        "broken dull disgusting mediocre shabby worst"
    ),
    "neutral": _words(
        "grey wooden square round daily local usual average annual plain ordinary typical rectangular weekly "
        "regular standard metallic parallel"
    ),
}
"""Adjectives by polarity; neutral ones describe and do not value."""

THINGS = _words("day place house street evening room window visit story morning letter corner table town walk")
"""Nouns of no topic, for sentences about feelings and values."""

NOUNS = (
    "We talked about the {} and the {} for an hour.",
    "There was a {} not far from the {}.",
    "Everybody at the meeting knew something about the {}.",
    "My notes mention a {}, a {} and a {}.",
    "First came the {}, then the {}.",
    "She wrote a long page about the {} last week.",
    "He keeps asking me about the {}.",
    "Without the {} there would be no {}.",
)
FEELINGS = (
    "I was {} the whole {}.",
    "She looked {} and also rather {}.",
    "They felt {} when they heard about the {}.",
    "It made me {} to think of that {}.",
    "He sounded {} on that {}.",
    "Everyone in the {} seemed {}.",
    "We came home {} and {}.",
    "How {} we were at that {}.",
)
VALUES = (
    "The {} was {}.",
    "It was a {} {} from start to end.",
    "I found the {} quite {}.",
    "What a {} {} that turned out to be.",
    "They have a {} {} over there.",
    "The {} looked {} and {}.",
    "Some call the {} {}.",
    "Nobody expected such a {} {}.",
)
HELD = 3
"""The last patterns of each kind stand in held-out texts only."""

RUDE: Mapping[str, float] = {
    **dict.fromkeys(_words("idiot moron imbecile scum scumbag bastard bitch asshole shithead fuck fucking cretin vermin"), 1.0),
    **dict.fromkeys(
        _words("stupid dumb fool loser jerk pathetic worthless disgusting hate crap damn hell shut stink ugly trash kill liar"),
        0.5,
    ),
}
"""Words of the list that stands in for a measure of toxicity, with their weights."""
