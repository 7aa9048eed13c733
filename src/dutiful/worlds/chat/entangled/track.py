"""Level "track": instructions stand over turns, jobs take turns, and facts build on facts."""

from __future__ import annotations

from dutiful.kit.dialogue import Said
from dutiful.worlds.chat.entangled.drawing import CODES, PEOPLE, THINGS, Draw, ask, single, tell

TOWNS = (
    "Aldermoor", "Brackwater", "Coldstream", "Dunford", "Eastwick", "Farnley", "Greyport", "Highcliff", "Ironbridge", "Kingsmead",
    "Longstone", "Millbrook", "Northam", "Oakridge", "Pinewood", "Redmarsh", "Silverdale", "Thornbury", "Underhill", "Westgate",
)  # fmt: skip


def triggers(draw: Draw) -> list[Said]:
    """Whenever a thing is mentioned a word is to be said, and only then."""
    (one, other, *rest), (say, also) = draw.some(THINGS, 6), draw.some(CODES, 2)
    opening = draw.say(
        "Whenever I mention a {one}, say {say}. Whenever I mention a {other}, say {also}.",
        "Two rules. Whenever I mention a {one}, say {say}. Whenever I mention a {other}, say {also}.",
        "Keep to this: Whenever I mention a {one}, say {say}. Whenever I mention a {other}, say {also}.",
        "From now on: Whenever I mention a {one}, say {say}. Whenever I mention a {other}, say {also}. Otherwise say neither.",
        one=one,
        other=other,
        say=say,
        also=also,
    )
    codes = {one: say, other: also}

    def mention(thing: str, distance: int) -> Said:
        text = draw.say(
            "Today I bought a {thing}. What do you say?",
            "I dreamt of a {thing}. What do you say?",
            "My neighbour has a {thing}. What do you say?",
            "I might sell a {thing}. What do you say?",
            thing=thing,
        )
        if thing in codes:
            return ask(text, f"How nice. {codes[thing]}!", "contains", codes[thing], subtask="triggered", distance=distance)
        return ask(text, "How nice.", "not_contains", say, also, subtask="quiet", distance=distance)

    things = [one, other]
    draw.shuffle(things)
    return [
        tell(opening),
        mention(things[0], 1),
        mention(rest[0], 2),
        single(draw),
        mention(things[1], 4),
        mention(rest[1], 5),
        mention(things[0], 6),
    ]


def multitask(draw: Draw) -> list[Said]:
    """Two jobs in turns: questions about a story, and grades for reviews."""
    (who, friend), (thing, gift) = draw.some(PEOPLE, 2), draw.some(THINGS, 2)
    town, coins, (up, down) = draw.one(TOWNS), draw.randint(3, 60), draw.some(CODES, 2)
    story = draw.say(
        "Job one. Here is a story; I will ask about it. {story}",
        "Your first job is to answer questions about this story. {story}",
        "First job: listen to a story, questions will follow. {story}",
        "For job one you need this story. {story}",
        story=f"{who} walked to {town} with a {thing}. There {who} met {friend}, who sold a {gift} for {coins} coins.",
    )
    grades = draw.say(
        "Job two. When I show a review, grade it {up} for praise and {down} for blame.",
        "Your second job comes with reviews: grade it {up} for praise and {down} for blame.",
        "Second job: you will see reviews, one at a time; grade it {up} for praise and {down} for blame.",
        "Now job two. Every review I show, grade it {up} for praise and {down} for blame.",
        up=up,
        down=down,
    )
    questions = [
        (f"Question: to which town did {who} walk?", town),
        (f"Question: whom did {who} meet?", friend),
        ("Question: how many coins were paid?", str(coins)),
        (f"Question: what did {friend} sell?", gift),
    ]
    draw.shuffle(questions)
    turns = [tell(story), tell(grades)]
    for round_, (text, answer) in enumerate(questions[:3]):
        turns.append(
            ask(f"{text} Answer in one word.", answer, "f1", answer, subtask="questions", distance=len(turns), threshold=0.5)
        )
        praise = draw.random() < 0.5
        review = draw.choice(("I loved it.", "A wonderful place.") if praise else ("I hated it.", "An awful place."))
        grade = up if praise else down
        grading = f"Review: {review}\nAnswer with 'Labels:' and the grade."
        turns.append(ask(grading, f"Labels: {grade}", "iou", grade, subtask="grades", distance=len(turns) - 1))
        if not round_:
            turns.append(single(draw))
    return turns


def recursive(draw: Draw) -> list[Said]:
    """What is defined through what was defined before, over several turns."""
    return _functions(draw) if draw.random() < 0.5 else _ages(draw)


def _functions(draw: Draw) -> list[Said]:
    f, g, h = draw.some("fghkmpqrstuvwabcde", 3)
    a, b, c, d = draw.randint(2, 5), draw.randint(1, 9), draw.randint(1, 9), draw.randint(2, 4)
    lead = ("Let {}.", "Define {}.", "Suppose {}.", "For what follows, {}.")
    forms = (f"{f}(n) = {a} * n + {b}", f"{g}(n) = {f}(n) - {c}", f"{h}(n) = {d} * {g}(n)")
    turns = [tell(draw.say(*(each.format(form) for each in lead))) for form in forms]
    turns.insert(2, single(draw))
    values = {f: lambda n: a * n + b, g: lambda n: a * n + b - c, h: lambda n: d * (a * n + b - c)}
    for name in (h, g):
        n = draw.randint(1, 6)
        value = str(values[name](n))
        text = f"What is {name}({n})? Finish with 'Answer:' and the number."
        turns.append(ask(text, f"Answer: {value}", "after_answer", value, subtask="functions", distance=len(turns)))
    return turns


def _ages(draw: Draw) -> list[Said]:
    first, second, third, fourth = [*draw.some(PEOPLE, 3), "my aunt"]
    age, more, times, less = draw.randint(3, 12), draw.randint(2, 9), draw.randint(2, 3), draw.randint(1, 3)
    ages = {first: age, second: age + more, third: (age + more) * times, fourth: (age + more) * times - less}
    lead = ("Know that {}.", "Take it that {}.", "It so happens that {}.", "You should know that {}.")
    facts = (
        f"{first} is {age} years old",
        f"{second} is {more} years older than {first}",
        f"{third} is {times} times as old as {second}",
        f"{fourth} is {less} years younger than {third}",
    )
    turns = [tell(draw.say(*(each.format(fact) for each in lead))) for fact in facts]
    turns.insert(2, single(draw))
    for name in (fourth, third):
        text = f"How old is {name}? Finish with 'Answer:' and the number."
        value = str(ages[name])
        turns.append(ask(text, f"Answer: {value}", "after_answer", value, subtask="ages", distance=len(turns)))
    return turns
