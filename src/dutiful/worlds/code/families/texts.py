"""Families over texts."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from dutiful.core.records import Json
from dutiful.worlds.code.families.base import Family

WORDS = [
    *("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jetty"),
    *("knoll", "larch", "maple", "oak", "pine", "reed", "spruce", "tern", "vale", "willow"),
]


def sentence(random: Random, most: int = 9) -> str:
    """A few words, some with capitals and some twice."""
    return " ".join(
        random.choice((str.lower, str.lower, str.title))(random.choice(WORDS)) for _ in range(random.randint(0, most))
    )


class Shift(Family):
    name, takes = "shift", "text"
    wordings = (
        "Move every {which} letter of a text {k} places on in the alphabet, round the end; {rest}.",
        "Write a Caesar cipher for {which} letters with a shift of {k}; {rest}.",
        "Secret notes: {which} letters walk {k} steps forward (z is followed by a), and {rest}.",
        "Encipher {which} letters by {k}. {rest_capital}.",
    )
    detail = "Letters are a-z and A-Z and keep their case. Only {which} ones move, by {k}; {rest}."
    body = """
def shift(text):
    found = []
    for sign in text:
        letter = sign.isascii() and sign.isalpha()
        if letter and ($which == "all" or ($which == "small") == sign.islower()):
            first = ord("a") if sign.islower() else ord("A")
            found.append(chr((ord(sign) - first + $k) % 26 + first))
        elif letter or sign == " " or not $drop:
            found.append(sign)
    return "".join(found)
"""

    def draw(self, random: Random) -> Json:
        return dict(k=random.randint(1, 25), which=random.choice(("all", "small", "capital")), drop=random.choice((False, True)))

    def words(self, p: Json) -> Json:
        rest = "signs other than letters and blanks are dropped" if p["drop"] else "everything else stays"
        return {**p, "rest": rest, "rest_capital": rest[0].upper() + rest[1:]}

    def truth(self, p: Json, *arguments: Any) -> Any:
        small = "abcdefghijklmnopqrstuvwxyz"
        pairs = dict[str, str]()
        for letters, kind in ((small, "small"), (small.upper(), "capital")):
            if p["which"] in ("all", kind):
                pairs |= dict(zip(letters, letters[p["k"] :] + letters[: p["k"]], strict=True))
        moved = arguments[0].translate(str.maketrans(pairs))
        return re.sub("[^a-zA-Z ]", "", moved) if p["drop"] else moved

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [sentence(random, 5) + random.choice(("", "!", ", 12", " x-z"))]


class Runs(Family):
    name, takes = "runs", "text"
    wordings = (
        "Shorten runs of one sign to the sign and its count joined by '{mark}' if they are {least} long or longer; "
        "other signs stay as they are.",
        "Run-length encode a text: a run of at least {least} equal signs becomes sign{mark}count, shorter runs are kept.",
        "Squeeze repetitions. {least} or more of the same in a row turn into the sign, '{mark}' and how many.",
        "Compress runs (from {least} on) as sign, '{mark}', number.",
    )
    detail = (
        "Runs of {least} or more equal signs become the sign, '{mark}' and the length; shorter ones stay. Nothing is put between."
    )
    body = """
def runs(text):
    found, at = "", 0
    while at < len(text):
        end = at
        while end < len(text) and text[end] == text[at]:
            end += 1
        found += text[at] + $mark + str(end - at) if end - at >= $least else text[at:end]
        at = end
    return found
"""

    def draw(self, random: Random) -> Json:
        return dict(least=random.randint(2, 5), mark=random.choice("*:=~^#_/"))

    def truth(self, p: Json, *arguments: Any) -> Any:
        def short(match: re.Match[str]) -> str:
            return f"{match[1]}{p['mark']}{len(match[0])}" if len(match[0]) >= p["least"] else match[0]

        return re.sub(r"(.)\1*", short, arguments[0])

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return ["".join(random.choice("abcx ") * random.choice((1, 1, 2, 3, 4, 5, 6, 11)) for _ in range(random.randint(0, 6)))]


class Columns(Family):
    name, takes = "columns", "text"
    wordings = (
        "Read lines of the form key{sep}number; lines that begin with '{comment}' do not count. Return a dict in which {rule}.",
        "Parse 'key{sep}number' lines into a dict, skipping lines starting with '{comment}' and empty ones; {rule}.",
        "Our notes look like key{sep}number ('{comment}' opens a remark). Collect them; {rule}.",
        "Turn key{sep}number lines into a dict. '{comment}' lines are remarks, and {rule}.",
    )
    detail = (
        "Keys and numbers (whole) are stripped of blanks. Empty lines and lines that begin with '{comment}' are skipped; {rule}."
    )
    body = """
def columns(text):
    found = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith($comment):
            continue
        key, _, number = line.partition($sep)
        key, number = key.strip(), int(number)
        if key not in found:
            found[key] = number
        elif $many == "last":
            found[key] = number
        elif $many == "sum":
            found[key] += number
        elif $many == "largest":
            found[key] = max(found[key], number)
    return found
"""
    RULES = dict(
        first="of a key that comes twice the first number counts",
        last="of a key that comes twice the last number counts",
        sum="the numbers of one key are added up",
        largest="each key has its largest number",
    )

    def draw(self, random: Random) -> Json:
        return dict(sep=random.choice("=:|;>"), comment=random.choice("#%!"), many=random.choice(list(self.RULES)))

    def words(self, p: Json) -> Json:
        return {**p, "rule": self.RULES[p["many"]]}

    def truth(self, p: Json, *arguments: Any) -> Any:
        pairs: dict[str, list[int]] = {}
        for line in filter(str.strip, arguments[0].split("\n")):
            if line[0] != p["comment"]:
                key, number = line.split(p["sep"])
                pairs.setdefault(key.strip(), []).append(int(number))
        choose = {"first": lambda many: many[0], "last": lambda many: many[-1], "sum": sum, "largest": max}[p["many"]]
        return {key: choose(many) for key, many in pairs.items()}

    def arguments(self, random: Random, p: Json) -> list[Any]:
        rows = list[str]()
        for _ in range(random.randint(0, 8)):
            blank = random.choice(("", " "))
            row = f"{random.choice(WORDS[:4])}{blank}{p['sep']}{blank}{random.randint(-9, 60)}"
            rows.append(random.choice((row, row, row, p["comment"] + row, "")))
        return ["\n".join(rows)]


class Common(Family):
    name, takes = "common", "text"
    wordings = (
        "Return the {k} most frequent words of a text that have {least} letters or more, as a list; {ties}.",
        "List the {k} words used most often (from {least} letters on, case does not matter); {ties}.",
        "Which {k} words come up most? Skip those under {least} letters; {ties}.",
        "Top {k} words, minimum length {least}; {ties}.",
    )
    detail = (
        "Words are split at blanks and put in small letters. Most frequent first; {ties}. Fewer are returned where there "
        "are fewer."
    )
    body = """
def common(text):
    words = [word for word in text.lower().split() if len(word) >= $least]
    count = {}
    for word in words:
        count[word] = count.get(word, 0) + 1
    order = sorted(count, key=None if $ties == "alphabet" else words.index)
    order.sort(key=lambda word: -count[word])
    return order[:$k]
"""

    def draw(self, random: Random) -> Json:
        return dict(k=random.randint(1, 5), least=random.randint(3, 6), ties=random.choice(("alphabet", "first")))

    def words(self, p: Json) -> Json:
        ties = "of equals the one earlier in the alphabet" if p["ties"] == "alphabet" else "of equals the one seen first"
        return {**p, "ties": f"{ties} comes first"}

    def truth(self, p: Json, *arguments: Any) -> Any:
        words = arguments[0].lower().split()
        rank = {word: (-words.count(word), word if p["ties"] == "alphabet" else words.index(word)) for word in words}
        return [word for word in sorted(rank, key=lambda word: rank[word]) if len(word) >= p["least"]][: p["k"]]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        few = random.sample(WORDS, 8)
        return [" ".join(random.choice((str.lower, str.title))(random.choice(few)) for _ in range(random.randint(0, 22)))]


class Wrap(Family):
    name, takes = "wrap", "text"
    wordings = (
        "Break a text into lines of at most {width} signs, at blanks; every line after the first begins with '{indent}'.",
        "Wrap words to width {width}, later lines start with '{indent}' (which counts), and return the list of lines.",
        "Set a text in lines no wider than {width}; continuation lines carry the mark '{indent}' in front.",
        "Fold to {width} columns with '{indent}' before each further line.",
    )
    detail = (
        "Greedy: a word goes on the line while it fits. '{indent}' counts towards {width}. A word that is too long stands alone. "
        "Returns a list, empty for a text without words."
    )
    body = """
def wrap(text):
    rows = []
    for word in text.split():
        if rows and len(rows[-1]) + 1 + len(word) <= $width:
            rows[-1] += " " + word
        else:
            rows.append(($indent if rows else "") + word)
    return rows
"""

    def draw(self, random: Random) -> Json:
        return dict(width=random.randint(10, 28), indent=random.choice(("> ", "- ", "    ", "* ", "| ", "..")))

    def truth(self, p: Json, *arguments: Any) -> Any:
        words, rows = arguments[0].split(), []
        while words:
            mark = p["indent"] if rows else ""
            counts = [n for n in range(1, len(words) + 1) if len(mark + " ".join(words[:n])) <= p["width"]]
            n = max(counts, default=1)
            rows.append(mark + " ".join(words[:n]))
            words = words[n:]
        return rows

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [sentence(random, 14)]


class Brackets(Family):
    name, takes = "brackets", "text"
    wordings = (
        "Return the place of the first bracket that is wrong in a text, where only {pairs} are brackets and may nest "
        "{depth} deep; "
        "-1 if all are right.",
        "Check that {pairs} are balanced and never nested deeper than {depth}: return the index of the first fault, or -1.",
        "Linter: brackets {pairs}, at most {depth} levels. Where is the first mistake? -1 for none.",
        "First bad bracket among {pairs} (nesting limit {depth}), else -1.",
    )
    detail = (
        "Brackets are {pairs}; everything else is passed over. A fault is a closing bracket that fits no open one, or "
        "an opening one "
        "that would be level {depth} + 1. Brackets left open at the end are a fault at len(text)."
    )
    body = """
def brackets(text):
    closing = dict($pairs)
    waiting = []
    for place, sign in enumerate(text):
        if sign in closing:
            waiting.append(closing[sign])
            if len(waiting) > $depth:
                return place
        elif sign in closing.values():
            if not waiting or waiting.pop() != sign:
                return place
    return len(text) if waiting else -1
"""

    def draw(self, random: Random) -> Json:
        pairs = random.sample(["()", "[]", "{}", "<>"], random.randint(1, 3))
        return dict(pairs=sorted(pairs), depth=random.randint(1, 5))

    def words(self, p: Json) -> Json:
        return {**p, "pairs": " ".join(p["pairs"])}

    def truth(self, p: Json, *arguments: Any) -> Any:
        pairs = p["pairs"]

        def fits(text: str) -> bool:
            signs = "".join(sign for sign in text if sign in "".join(pairs))
            level = deepest = 0
            while any(pair in signs for pair in pairs):
                for pair in pairs:
                    signs = signs.replace(pair, "")
            for sign in text:
                level += any(sign == pair[0] for pair in pairs) - any(sign == pair[1] for pair in pairs)
                deepest = max(deepest, level)
            return not any(pair[1] in signs for pair in pairs) and deepest <= p["depth"]

        text = arguments[0]
        bad = next((end for end in range(len(text)) if not fits(text[: end + 1])), None)
        opened = sum(text.count(pair[0]) - text.count(pair[1]) for pair in pairs)
        return bad if bad is not None else len(text) if opened else -1

    def arguments(self, random: Random, p: Json) -> list[Any]:
        others = "".join(sorted(set("()[]{}<>") - set("".join(p["pairs"]))))
        text = ""
        for _ in range(random.randint(0, 6)):
            pair = random.choice(p["pairs"])
            place = random.randint(0, len(text))
            text = text[:place] + random.choice((pair, pair[0] + "a" + pair[1])) + text[place:]
        nested = "".join(pair[0] for pair in p["pairs"] * 2)[: random.randint(0, 6)]
        closed = "".join({"(": ")", "[": "]", "{": "}", "<": ">"}[sign] for sign in reversed(nested))
        return [random.choice((text, nested + text + closed, text + random.choice("".join(p["pairs"]) + others)))]


class Mask(Family):
    name, takes = "mask", "code"
    wordings = (
        "Replace all letters and digits of a code but the {side} {k} by '{sign}'; other signs stay.",
        "Hide a code: only the {side} {k} letters or digits remain readable, the others become '{sign}', separators are kept.",
        "Print cards so that just {k} characters ({side}) can be read. Use '{sign}' for hidden ones, leave dashes and blanks.",
        "Mask with '{sign}', leaving the {side} {k}.",
    )
    detail = (
        "Letters and digits count, other signs are kept and not counted. The {side} {k} of them stay; a shorter code stays "
        "as it is."
    )
    body = """
def mask(code):
    places = [i for i, sign in enumerate(code) if sign.isalnum()]
    kept = places[:$k] if $side == "first" else places[-$k:]
    return "".join($sign if i in places and i not in kept else sign for i, sign in enumerate(code))
"""

    def draw(self, random: Random) -> Json:
        return dict(k=random.randint(1, 8), side=random.choice(("first", "last")), sign=random.choice("*#x.?_"))

    def truth(self, p: Json, *arguments: Any) -> Any:
        text = arguments[0] if p["side"] == "first" else arguments[0][::-1]
        left, found = p["k"], ""
        for sign in text:
            found += p["sign"] if sign.isalnum() and left <= 0 else sign
            left -= sign.isalnum()
        return found if p["side"] == "first" else found[::-1]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return ["".join(random.choice("ABC01234567- 89-") for _ in range(random.randint(0, 16)))]
