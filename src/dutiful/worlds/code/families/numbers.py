"""Families over lists of numbers."""

from __future__ import annotations

from random import Random
from typing import Any

from dutiful.core.records import Json
from dutiful.worlds.code.families.base import Family, numbers

KEEP = {
    "multiples of {k}": "x % {k} == 0",
    "numbers above {k}": "x > {k}",
    "numbers below {k}": "x < {k}",
    "odd numbers": "x % 2 == 1",
    "even numbers": "x % 2 == 0",
    "numbers whose last digit is {k}": "str(x)[-1] == '{k}'",
}
TURN = {
    "multiplied by {m}": "x * {m}",
    "raised by {m}": "x + {m}",
    "squared": "x * x",
    "without their sign": "abs(x)",
    "taken modulo {m}": "x % {m}",
    "lowered by {m}": "x - {m}",
}
GIVE = {
    "their sum": "sum(found)",
    "how many different ones there are": "len(set(found))",
    "the largest of them, or 0 if there are none": "max(found, default=0)",
    "the list of them in their order": "found",
    "the list of them from large to small": "sorted(found, reverse=True)",
    "the list of the first {n} of them": "found[:{n}]",
}


class Pipeline(Family):
    name, takes = "distil", "numbers"
    wordings = (
        "Write a function that takes the {keep} out of a list, each {turn}, and returns {give}.",
        "From a list of whole numbers pick the {keep}. Each of them is {turn}. The result is {give}.",
        "Given whole numbers: only the {keep} count; have each {turn}; hand back {give}.",
        "I need {give}: I mean of the {keep} in a list, {turn}.",
    )
    detail = "Of a list of whole numbers: the {keep}, each {turn}; returns {give}."
    body = ""

    def draw(self, random: Random) -> Json:
        picks = [random.choice(list(table)) for table in (KEEP, TURN, GIVE)]
        return dict(zip(("keep", "turn", "give"), picks, strict=True)) | dict(
            k=random.randint(2, 9), m=random.randint(2, 9), n=random.randint(1, 4)
        )

    def words(self, p: Json) -> Json:
        return {key: p[key].format(**p) for key in ("keep", "turn", "give")}

    def truth(self, p: Json, *arguments: Any) -> Any:
        k, m, n = p["k"], p["m"], p["n"]
        tests = [lambda x: not x % k, lambda x: x > k, lambda x: x < k, lambda x: x & 1, lambda x: not x & 1]
        tests.append(lambda x: abs(x) % 10 == k)
        turns = [
            lambda x: m * x,
            lambda x: m + x,
            lambda x: x**2,
            lambda x: max(x, -x),
            lambda x: x - x // m * m,
            lambda x: x - m,
        ]
        kept = filter(tests[list(KEEP).index(p["keep"])], arguments[0])
        found = [*map(turns[list(TURN).index(p["turn"])], kept)]
        match list(GIVE).index(p["give"]):
            case 0:
                return sum(found)
            case 1:
                return len({*found})
            case 2:
                return sorted(found)[-1] if found else 0
            case 3:
                return found
            case 4:
                return sorted(found)[::-1]
            case _:
                return [x for i, x in enumerate(found) if i < n]

    def solution(self, p: Json) -> str:
        keep, turn, give = (table[p[key]].format(**p) for key, table in (("keep", KEEP), ("turn", TURN), ("give", GIVE)))
        return f"def distil(numbers):\n    found = [{turn} for x in numbers if {keep}]\n    return {give}\n"

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [numbers(random, -30, 60, 0, 12)]


class Windows(Family):
    name, takes = "windows", "numbers"
    wordings = (
        "Return the {what} of every {k} neighbours in a list of numbers, from left to right, beginning at every {step}. place.",
        "Slide a window of length {k} over the list and collect its {what} at every {step}. place.",
        "A moving {what} is wanted: {k} numbers wide, shown at every {step}. position.",
        "For runs of {k} consecutive values, one at every {step}. place, give the {what}.",
    )
    detail = "The {what} of windows of {k} numbers that begin at places 0, {step}, 2*{step} and so on; only whole windows count."
    body = """
def windows(numbers):
    use = {"sum": sum, "maximum": max, "minimum": min}[$what]
    last = len(numbers) - $k
    return [use(numbers[i:i + $k]) for i in range(0, last + 1, $step)]
"""

    def draw(self, random: Random) -> Json:
        return dict(what=random.choice(("sum", "maximum", "minimum")), k=random.randint(2, 7), step=random.randint(1, 4))

    def truth(self, p: Json, *arguments: Any) -> Any:
        pieces = [arguments[0][at : at + p["k"]] for at in range(len(arguments[0]))][:: p["step"]]
        whole = [sorted(piece) for piece in pieces if len(piece) == p["k"]]
        return [{"sum": sum(piece), "maximum": piece[-1], "minimum": piece[0]}[p["what"]] for piece in whole]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [numbers(random, least=0, most=14)]


class Merge(Family):
    name, takes = "merge", "spans"
    wordings = (
        "Join spans [start, end] that overlap or lie at most {gap} apart, drop results shorter than {least}.",
        "Merge time slots whose gap is {gap} or less; slots that then last less than {least} are left out.",
        "Slots are pairs. Those no more than {gap} apart become one, and under {least} long they go.",
        "Clean up a list of intervals: bridge gaps of up to {gap}, keep what lasts {least} or more.",
    )
    detail = (
        "Spans are pairs [start, end] in any order. Spans with end + {gap} >= next start become one. Of the results those with "
        "end - start >= {least} are returned as lists, by start."
    )
    body = """
def merge(spans):
    found = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + $gap:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return [each for each in found if each[1] - each[0] >= $least]
"""

    def draw(self, random: Random) -> Json:
        return dict(gap=random.randint(0, 6), least=random.randint(0, 8))

    def truth(self, p: Json, *arguments: Any) -> Any:
        covered = {2 * s + i for s, e in arguments[0] for i in range(2 * (e - s) + 1)}
        found: list[list[int]] = []
        for place in sorted(covered):  # half steps, so that a touch can be told from a gap of one
            if found and place - found[-1][1] <= max(1, 2 * p["gap"]):
                found[-1][1] = place
            else:
                found.append([place, place])
        return [[a // 2, b // 2] for a, b in found if (b - a) // 2 >= p["least"]]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        starts = [random.randint(0, 60) for _ in range(random.randint(0, 8))]
        return [[[start, start + random.randint(0, 9)] for start in starts]]


class Coins(Family):
    name, takes = "coins", "amount"
    wordings = (
        "How few coins of {coins} make up an amount? Return -1 where it cannot be done.",
        "Return the smallest number of coins (values {coins}) that add up to the amount, or -1.",
        "Change machine: it holds {coins}, as many of each as it likes. Fewest pieces for an amount, -1 if impossible.",
        "Fewest stamps of {coins} for a postage, else -1.",
    )
    detail = (
        "The least number of pieces of the values {coins}, each as often as needed, that add up to `amount`; 0 for 0, else -1."
    )
    body = """
def coins(amount):
    best = [0] + [None] * amount
    for value in range(1, amount + 1):
        ways = [best[value - coin] for coin in $coins if coin <= value and best[value - coin] is not None]
        best[value] = min(ways) + 1 if ways else None
    return -1 if best[amount] is None else best[amount]
"""

    def draw(self, random: Random) -> Json:
        return dict(coins=sorted(random.sample(range(2, 16), random.randint(2, 4))))

    def words(self, p: Json) -> Json:
        return dict(coins=", ".join(map(str, p["coins"][:-1])) + f" and {p['coins'][-1]}")

    def truth(self, p: Json, *arguments: Any) -> Any:
        reached, count = {0}, 0
        while arguments[0] not in reached:
            more = reached | {value + coin for value in reached for coin in p["coins"] if value + coin <= arguments[0]}
            if more == reached:
                return -1
            reached, count = more, count + 1
        return count

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [random.randint(0, 70)]


class Base(Family):
    name, takes = "code_of", "number"
    wordings = (
        "Write a whole number in base {base} with the digits {digits}, at least {width} of them.",
        "Return the base-{base} form of a number, its digits taken from {digits}, filled up on the left to {width} places.",
        "Ticket codes: a number in base {base}, digit alphabet {digits}, never shorter than {width}.",
        "Encode a count with the {base} signs {digits} as digits; pad to {width}.",
    )
    detail = "`number` is 0 or more; the first sign of {digits} means 0, and fills up on the left to {width} signs."
    body = """
def code_of(number):
    signs = ""
    while number:
        number, digit = divmod(number, $base)
        signs = $digits[digit] + signs
    return signs.rjust($width, $digits[0])
"""

    def draw(self, random: Random) -> Json:
        base = random.randint(2, 12)
        digits = "".join(random.sample("abcdefghijklmnopqrstuvwxyz", base))
        return dict(base=base, digits=digits, width=random.randint(1, 6))

    def truth(self, p: Json, *arguments: Any) -> Any:
        places = range(max([p["width"], *(i + 1 for i in range(20) if p["base"] ** i <= arguments[0])]))
        return "".join(p["digits"][arguments[0] // p["base"] ** i % p["base"]] for i in places)[::-1]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [random.choice((0, random.randint(1, 30), random.randint(31, 5000)))]


class Checksum(Family):
    name, takes = "check_digit", "digits"
    wordings = (
        "Weigh the digits of a string by {weights} in turn, from the {side}, add them up and return the sum modulo {modulus}.",
        "Compute a check number: digits times {weights} (repeating, starting at the {side}), summed, modulo {modulus}.",
        "Check digits here use the weights {weights} over and over from the {side}, modulus {modulus}.",
        "Modulo {modulus} of the weighted digit sum, weights {weights} cycling from the {side} end.",
    )
    detail = (
        "`digits` is a string; signs that are no digits are skipped. Weights {weights} repeat, beginning at the {side}; "
        "modulo {modulus}."
    )
    body = """
def check_digit(digits):
    values = [int(sign) for sign in digits if sign in "0123456789"]
    if $side == "right":
        values.reverse()
    weights = $weights
    return sum(value * weights[i % len(weights)] for i, value in enumerate(values)) % $modulus
"""

    def draw(self, random: Random) -> Json:
        weights = random.sample(range(1, 10), random.randint(2, 3))
        return dict(weights=weights, side=random.choice(("left", "right")), modulus=random.choice((7, 9, 10, 11, 13, 97)))

    def words(self, p: Json) -> Json:
        return {**p, "weights": ", ".join(map(str, p["weights"]))}

    def truth(self, p: Json, *arguments: Any) -> Any:
        total, turn = 0, 0
        for sign in arguments[0] if p["side"] == "left" else arguments[0][::-1]:
            if sign.isdigit():
                total, turn = total + p["weights"][turn] * int(sign), (turn + 1) % len(p["weights"])
        return total % p["modulus"]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return ["".join(random.choice("0123456789-123456789") for _ in range(random.randint(0, 12)))]


class Shelves(Family):
    name, takes = "shelves", "sizes"
    wordings = (
        "Fill shelves of width {width} with at most {most} things each, in the given order, and return the shelves.",
        "Split a list of sizes into groups in order: a group's sum stays within {width} and its length within {most}.",
        "Pack parcels as they come: a van takes {width} kilos and {most} parcels, then the next one is loaded.",
        "Break the list into runs; a run adds up to {width} at most and has {most} items at most.",
    )
    detail = "Returns a list of lists, in order. A size above {width} stands alone in its group."
    body = """
def shelves(sizes):
    rows = []
    for size in sizes:
        if rows and len(rows[-1]) < $most and sum(rows[-1]) + size <= $width:
            rows[-1].append(size)
        else:
            rows.append([size])
    return rows
"""

    def draw(self, random: Random) -> Json:
        return dict(width=random.randint(9, 30), most=random.randint(2, 5))

    def truth(self, p: Json, *arguments: Any) -> Any:
        rest, rows = list(arguments[0]), []
        while rest:
            fits = [n for n in range(1, p["most"] + 1) if n == 1 or (n <= len(rest) and sum(rest[:n]) <= p["width"])]
            row, rest = rest[: max(fits)], rest[max(fits) :]
            rows.append(row)
        return rows

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [numbers(random, 1, 14, 0, 14)]


class Length(Family):
    name, takes = "lasts", "seconds"
    wordings = (
        "Write a number of seconds as {units}, joined by '{joint}', parts that are 0 left out.",
        "Return a duration such as {example} for seconds: units {units}, '{joint}' between, no zero parts.",
        "Show how long something lasts in {units}. Zero parts vanish; '{joint}' stands between the others.",
        "Format seconds with {units} and '{joint}', skipping zeros.",
    )
    detail = "A part is a number and its letter, as in {example}. The largest unit takes all that is left. 0 seconds give '0s'."
    body = """
def lasts(seconds):
    sizes = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    parts = []
    for unit in $units:
        count, seconds = divmod(seconds, sizes[unit])
        if count:
            parts.append(f"{count}{unit}")
    return $joint.join(parts) or "0s"
"""

    def draw(self, random: Random) -> Json:
        units = random.choice(("ms", "hms", "dhms", "hs", "ds", "dms", "dhs"))
        return dict(units=units, joint=random.choice((" ", ", ", ":", "-", "+", " and ")))

    def words(self, p: Json) -> Json:
        names = dict(d="days (d)", h="hours (h)", m="minutes (m)", s="seconds (s)")
        example = "'" + p["joint"].join(f"2{unit}" for unit in p["units"]) + "'"
        return {**p, "units": ", ".join(names[unit] for unit in p["units"]), "example": example}

    def truth(self, p: Json, *arguments: Any) -> Any:
        sizes, left = dict(d=24 * 60 * 60, h=60 * 60, m=60, s=1), arguments[0]
        found = list[str]()
        for unit in p["units"]:
            found += [f"{left // sizes[unit]}{unit}"] * (left >= sizes[unit])
            left -= left // sizes[unit] * sizes[unit]
        return p["joint"].join(found) if arguments[0] else "0s"

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [
            random.choice(
                (0, random.randint(1, 200), random.randint(1, 9000), 3600 * random.randint(1, 60), random.randint(1, 400000))
            )
        ]
