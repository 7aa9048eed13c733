"""Level "retrieve": what was said many turns ago is needed again, as it was or as it was changed since."""

from __future__ import annotations

from dutiful.kit.dialogue import Said
from dutiful.worlds.chat.entangled.drawing import CODES, PEOPLE, THINGS, Draw, ask, listing, single, tell

ASPECTS = {
    "price": ("The bill was far too high.", "It cost next to nothing.", "For that money I expected more."),
    "service": ("The waiter was rude.", "The staff could not have been kinder.", "Nobody came to our table."),
    "food": ("The soup was cold.", "The cake was delicious.", "The bread tasted of soap."),
    "noise": ("The music was too loud.", "It was so quiet that one could read.", "One had to shout to be heard."),
}
"""What a review of a café can be about, and sentences about nothing else."""
COLOURS = ("red", "blue", "green", "white", "black")


def memorization(draw: Draw) -> list[Said]:
    """A note, small talk, and then the note, or a line of it, word for word."""
    things = draw.some(THINGS, 4)
    lines = [f"{who} brings the {what}." for who, what in zip(draw.some(PEOPLE, 4), things, strict=True)]
    note = draw.say(
        "Please keep this note for me:\n{note}",
        "Here is a note, remember it well:\n{note}",
        "I will need this note again later:\n{note}",
        "This is my note for the picnic, do not lose it:\n{note}",
        note="\n".join(lines),
    )
    if draw.random() < 0.5:
        text = draw.say(
            "Now repeat my whole note, word for word.",
            "Give me back the whole note, word for word.",
            "What did my whole note say, word for word?",
            "Say my whole note again, word for word.",
        )
        whole = "\n".join(lines)
        wanted = ask(text, whole, "bleu", whole, subtask="whole", distance=4, threshold=0.9, facts=things)
    else:
        place = draw.randrange(4)
        text = draw.say(
            "What was line {n} of my note? Only that line, please.",
            "Repeat line {n} of my note, nothing else.",
            "Tell me line {n} of my note and nothing more.",
            "Which words were in line {n} of my note? Give that line alone.",
            n=place + 1,
        )
        line = lines[place]
        wanted = ask(text, line, "bleu", line, subtask="line", distance=4, threshold=0.9, facts=[things[place]])
    return [tell(note), *(single(draw) for _ in range(3)), wanted, single(draw)]


def labels(draw: Draw) -> list[Said]:
    """Reviews get labels by a rule that changes half way."""
    *first, late = draw.some(CODES, 5)
    rule = dict(zip(ASPECTS, first, strict=True))
    changed = draw.choice(list(rule))
    opening = draw.say(
        "I will show you reviews. Give each its labels: {rule}.",
        "You are going to label reviews for me: {rule}.",
        "Let us label some reviews, in this way: {rule}.",
        "Reviews will come, and each gets all labels that fit: {rule}.",
        rule="; ".join(f"for {aspect} write {label}" for aspect, label in rule.items()),
    )
    change = draw.say(
        "A change of labels: for {aspect} write {label} from now on.",
        "New rule for the reviews: for {aspect} write {label}, the rest stays.",
        "From here on something else: for {aspect} write {label}.",
        "Please note that I changed my mind: for {aspect} write {label}.",
        aspect=changed,
        label=late,
    )
    turns = [tell(opening), _review(draw, rule, 1, "near"), single(draw), single(draw), _review(draw, rule, 4, "far")]
    turns += [tell(change), single(draw), single(draw), _review(draw, rule | {changed: late}, 8, "changed", changed)]
    return turns


def _review(draw: Draw, rule: dict[str, str], distance: int, subtask: str, about: str = "") -> Said:
    others = [aspect for aspect in rule if aspect != about]
    aspects = sorted([about, draw.choice(others)] if about else draw.sample(others, 2), key=list(rule).index)
    review = " ".join(draw.choice(ASPECTS[aspect]) for aspect in aspects)
    gold = ", ".join(rule[aspect] for aspect in aspects)
    text = f"Review: {review}\nAnswer with 'Labels:' and the labels, a comma between them."
    return ask(text, f"Labels: {gold}", "iou", gold, subtask=subtask, distance=distance)


def items(draw: Draw) -> list[Said]:
    """The things on a desk come and go; what is asked about them stays the same."""
    kinds = draw.some(THINGS, 10)
    colour = draw.choice(COLOURS)
    rest = [other for other in COLOURS if other != colour]
    desk = [f"{colour} {kind}" for kind in kinds[:3]] + [f"{draw.choice(rest)} {kind}" for kind in kinds[3:6]]
    draw.shuffle(desk)
    opening = draw.say(
        "On my desk lie a {desk}. Whenever I say 'Report', list everything {colour} on the desk.",
        "My desk holds a {desk}. At the word 'Report', list everything {colour} on the desk.",
        "You see on my desk a {desk}. When you hear 'Report', list everything {colour} on the desk.",
        "There are on my desk a {desk}. Each time I say 'Report', list everything {colour} on the desk.",
        desk=listing(desk).replace(", ", ", a ").replace(" and ", " and a "),
        colour=colour,
    )
    turns = [tell(opening)]
    for subtask, kind, other, distance in (("first", kinds[6], kinds[7], 4), ("second", kinds[8], kinds[9], 8)):
        gone = draw.choice([thing for thing in desk if thing.startswith(colour)])
        come, also = f"{colour} {kind}", f"{draw.choice(rest)} {other}"
        desk = [thing for thing in desk if thing != gone] + [come, also]
        change = draw.say(
            "I put a {come} and a {also} on the desk, and I took away the {gone}.",
            "The desk has changed: I put a {come} and a {also} there, and I took away the {gone}.",
            "Now I put a {come} and a {also} on it, and I took away the {gone}.",
            "Some tidying: I put a {come} and a {also} on the desk, then I took away the {gone}.",
            come=come,
            also=also,
            gone=gone,
        )
        gold = ", ".join(thing for thing in desk if thing.startswith(colour))
        text = "Report. Answer with 'Things:' and the things, a comma between them."
        report = ask(text, f"Things: {gold}", "iou", gold, subtask=subtask, distance=distance)
        turns += [tell(change), single(draw), single(draw), report]
    return turns
