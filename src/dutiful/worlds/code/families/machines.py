"""Families that follow a procedure step by step."""

from __future__ import annotations

from random import Random
from typing import Any

from dutiful.core.records import Json
from dutiful.worlds.code.families.base import Family, numbers


class Walk(Family):
    name, takes = "walk", "orders"
    wordings = (
        "Follow a string of orders on a {n} by {n} board from the middle: {keys}. Return [column, row]; {edge}.",
        "A piece starts in the middle field of a {n}x{n} board. Orders: {keys}; {edge}. Where does it end, as [column, row]?",
        "Robot on {n} by {n} tiles, starting at the centre. {keys}. {edge_capital}. Give its final [column, row].",
        "Track a token over a board of {n}: {keys}; {edge}. Result [column, row].",
    )
    detail = (
        "Columns and rows count from 0, row 0 is the top, the middle is [{n} // 2, {n} // 2]. Unknown orders do nothing; {edge}."
    )
    body = """
def walk(orders):
    steps = dict(zip($keys, [(0, -1), (0, 1), (-1, 0), (1, 0)]))
    x = y = $n // 2
    for order in orders:
        dx, dy = steps.get(order, (0, 0))
        if $edge == "wrap":
            x, y = (x + dx) % $n, (y + dy) % $n
        elif 0 <= x + dx < $n and 0 <= y + dy < $n:
            x, y = x + dx, y + dy
    return [x, y]
"""

    def draw(self, random: Random) -> Json:
        keys = random.choice(("udlr", "nswe", "UDLR", "^v<>", "wsad", "8246"))
        return dict(keys=keys, n=random.randint(3, 9), edge=random.choice(("wrap", "stay")))

    def words(self, p: Json) -> Json:
        says = ", ".join(f"{key} is {way}" for key, way in zip(p["keys"], ("up", "down", "left", "right"), strict=True))
        edge = "off the edge it comes in at the other side" if p["edge"] == "wrap" else "an order off the board is ignored"
        return {**p, "keys": says, "edge": edge, "edge_capital": edge[0].upper() + edge[1:]}

    def truth(self, p: Json, *arguments: Any) -> Any:
        up, down, left, right = p["keys"]
        place = [p["n"] // 2] * 2
        for order in arguments[0]:
            for axis, back, on in ((0, left, right), (1, up, down)):
                moved = place[axis] + (order == on) - (order == back)
                place[axis] = moved % p["n"] if p["edge"] == "wrap" else min(max(moved, 0), p["n"] - 1)
        return place

    def arguments(self, random: Random, p: Json) -> list[Any]:
        favourite = random.choice(p["keys"])
        return ["".join(random.choice(p["keys"] + favourite * 3 + "x") for _ in range(random.randint(0, 18)))]


class Cache(Family):
    name, takes = "misses", "keys"
    wordings = (
        "Count the misses of a cache with {k} places that, when full, drops the key {rule}.",
        "Simulate a cache of size {k}: on a miss the key is stored, and if there is no room the one {rule} goes. "
        "Return the misses.",
        "A shelf has room for {k} books. Each request for a book that is not there costs a trip, and the book {rule} "
        "leaves. Trips?",
        "Cache, capacity {k}, evicting what was {rule}: number of misses.",
    )
    detail = "`keys` are requested in order. When a new key finds the cache of {k} full, the key {rule} is dropped."
    body = """
def misses(keys):
    held, count = [], 0
    for key in keys:
        if key in held:
            if $rule == "lru":
                held.remove(key)
                held.append(key)
            continue
        count += 1
        if len(held) == $k:
            held.pop(-1 if $rule == "newest" else 0)
        held.append(key)
    return count
"""
    RULES = dict(lru="used longest ago", fifo="stored longest ago", newest="stored last")

    def draw(self, random: Random) -> Json:
        return dict(k=random.randint(2, 9), rule=random.choice(list(self.RULES)))

    def words(self, p: Json) -> Json:
        return {**p, "rule": self.RULES[p["rule"]]}

    def truth(self, p: Json, *arguments: Any) -> Any:
        stored: dict[int, int] = {}
        used: dict[int, int] = {}
        count = 0
        for time, key in enumerate(arguments[0]):
            if key not in stored:
                count += 1
                if len(stored) >= p["k"]:
                    clock = {"lru": used, "fifo": stored, "newest": {each: -at for each, at in stored.items()}}[p["rule"]]
                    del stored[min(stored, key=lambda each: clock[each])]
                stored[key] = time
            used[key] = time
        return count

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [[random.randint(1, p["k"] + 3) for _ in range(random.randint(0, 30))]]


class Rounds(Family):
    name, takes = "finish_order", "jobs"
    wordings = (
        "Jobs take turns of {quantum} units; an unfinished job goes to the end of the queue after a pause of {cost} "
        "units in which "
        "nothing runs. Return [job, time it ends] in the order they end.",
        "Round robin with quantum {quantum} and {cost} units lost at each switch of an unfinished job: list [index, end time].",
        "Children share a swing, {quantum} minutes a turn; whoever wants more queues again, and the change costs {cost}. "
        "Who is finished when, as [number, time]?",
        "Time slices of {quantum}, requeue cost {cost}: [job, finish] pairs by finish.",
    )
    detail = (
        "`jobs` are lengths; job i is number i. After a slice the clock adds {cost} only if the job is unfinished. Lengths "
        "of 0 end at once."
    )
    body = """
def finish_order(jobs):
    queue, clock, found = [[i, left] for i, left in enumerate(jobs)], 0, []
    while queue:
        job, left = queue.pop(0)
        clock += min(left, $quantum)
        if left <= $quantum:
            found.append([job, clock])
        else:
            clock += $cost
            queue.append([job, left - $quantum])
    return found
"""

    def draw(self, random: Random) -> Json:
        return dict(quantum=random.randint(2, 9), cost=random.randint(0, 4))

    def truth(self, p: Json, *arguments: Any) -> Any:
        quantum, left, clock, found = p["quantum"], dict(enumerate(arguments[0])), 0, []
        while left:
            for job in list(left):
                slice_ = quantum if left[job] > quantum else left[job]
                clock, left[job] = clock + slice_, left[job] - slice_
                if left[job]:
                    clock += p["cost"]
                else:
                    found.append([job, clock])
                    del left[job]
        return found

    def arguments(self, random: Random, p: Json) -> list[Any]:
        return [numbers(random, 0, 20, 0, 5)]


class Neighbours(Family):
    name, takes = "lonely", "rows"
    wordings = (
        "Count the '{sign}' in a drawing that touch {compare} {k} other '{sign}', looking at {look}.",
        "In a list of equally long strings, how many '{sign}' have {compare} {k} neighbours '{sign}' ({look})?",
        "A map shows wells as '{sign}'. How many have {compare} {k} wells next to them ({look})?",
        "Number of '{sign}' with {compare} {k} adjacent '{sign}'; {look}.",
    )
    detail = "`rows` is a list of equally long strings. Neighbours are {look}; the edge has none beyond it."
    body = """
def lonely(rows):
    near = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0) and (not a or not b or $eight)]
    here = {(x, y) for y, row in enumerate(rows) for x, sign in enumerate(row) if sign == $sign}
    counts = [sum((x + a, y + b) in here for a, b in near) for x, y in here]
    return sum(count >= $k if $more else count <= $k for count in counts)
"""

    def draw(self, random: Random) -> Json:
        return dict(sign=random.choice("#ox@*"), k=random.randint(1, 3), eight=random.random() < 0.5, more=random.random() < 0.5)

    def words(self, p: Json) -> Json:
        look = "the eight fields around" if p["eight"] else "left, right, above and below"
        return {**p, "look": look, "compare": "at least" if p["more"] else "at most"}

    def truth(self, p: Json, *arguments: Any) -> Any:
        rows, found = arguments[0], 0
        for y, row in enumerate(rows):
            for x, sign in enumerate(row):
                if sign != p["sign"]:
                    continue
                count = 0
                for v in range(max(0, y - 1), min(len(rows), y + 2)):
                    for u in range(max(0, x - 1), min(len(row), x + 2)):
                        straight = u == x or v == y
                        count += (u, v) != (x, y) and rows[v][u] == p["sign"] and (p["eight"] or straight)
                found += count >= p["k"] if p["more"] else count <= p["k"]
        return found

    def arguments(self, random: Random, p: Json) -> list[Any]:
        width, many = random.randint(1, 6), random.choice((0.3, 0.5, 0.7))
        return [
            ["".join(p["sign"] if random.random() < many else "." for _ in range(width)) for _ in range(random.randint(0, 5))]
        ]


class Stack(Family):
    name, takes = "stack", "orders"
    wordings = (
        "Run a little stack machine: whole numbers are pushed, {keys}. Return the top, or '{error}' if an order lacks numbers.",
        "Evaluate a list of strings on a stack: numbers go on it, {keys}; too few numbers give '{error}', otherwise the top.",
        "Pocket calculator, postfix: {keys}. Say the top number at the end, '{error}' when it runs dry.",
        "Postfix with {keys}; '{error}' on underflow; result is the top.",
    )
    detail = (
        "Orders are strings; {keys}. The order before the last number is the first operand. An empty stack at the end "
        "gives '{error}' too."
    )
    body = """
def stack(orders):
    held = []
    for order in orders:
        if order in $keys:
            if len(held) < (1 if order == $keys[3] else 2):
                return $error
            b = held.pop()
            if order == $keys[3]:
                held += [b, b]
            else:
                a = held.pop()
                held.append([a + b, a - b, a * b][$keys.index(order)])
        else:
            held.append(int(order))
    return held[-1] if held else $error
"""

    def draw(self, random: Random) -> Json:
        named = (["plus", "minus", "times", "twin"], ["+", "-", "*", "d"], ["A", "S", "M", "D"], ["add", "sub", "mul", "dup"])
        keys = random.choice(named)
        turned = keys if random.random() < 0.5 else [keys[1], keys[0], keys[2], keys[3]]
        return dict(keys=turned, error=random.choice(("error", "empty", "?", "underflow", "none")))

    def words(self, p: Json) -> Json:
        does = ("adds", "subtracts the top from the one below", "multiplies", "doubles the top (pushes it again)")
        return {**p, "keys": ", ".join(f"{key} {what}" for key, what in zip(p["keys"], does, strict=True))}

    def truth(self, p: Json, *arguments: Any) -> Any:
        add, subtract, multiply, double = p["keys"]
        held: tuple[int, ...] = ()
        for order in arguments[0]:
            match order, held:
                case (str(key), (*rest, a, b)) if key in (add, subtract, multiply):
                    held = (*rest, a + b if key == add else a - b if key == subtract else a * b)
                case (str(key), (*rest, a)) if key == double:
                    held = (*rest, a, a)
                case (str(key), _) if key in p["keys"]:
                    return p["error"]
                case _:
                    held = (*held, int(order))
        return held[-1] if held else p["error"]

    def arguments(self, random: Random, p: Json) -> list[Any]:
        orders, depth = list[str](), 0
        for _ in range(random.randint(0, 9)):
            if depth < 2 and random.random() < 0.9:
                orders.append(str(random.randint(-5, 9)))
                depth += 1
            else:
                orders.append(random.choice(p["keys"]))
                depth += 1 if orders[-1] == p["keys"][3] else -1
        return [orders]


class Grades(Family):
    name, takes = "grades", "points"
    wordings = (
        "Turn points into marks: {marks}; below that '{worst}'. Return how many got each mark, as a dict without zeros.",
        "Count marks. {marks}, '{worst}' otherwise. Leave marks out that nobody has.",
        "Sort apples by weight: {marks}, else '{worst}'. A dict of counts, only of what occurs.",
        "Histogram of marks ({marks}; rest '{worst}').",
    )
    detail = "`points` are whole numbers. A bound belongs to its mark. Marks that nobody has are left out."
    body = """
def grades(points):
    found = {}
    for each in points:
        mark = next((mark for bound, mark in $bounds if each >= bound), $worst)
        found[mark] = found.get(mark, 0) + 1
    return found
"""

    def draw(self, random: Random) -> Json:
        bounds = sorted(random.sample(range(10, 95, 5), 3), reverse=True)
        marks = random.choice(("ABCD", "1234", "xyzw", "★●○-"))
        return dict(bounds=[[bound, mark] for bound, mark in zip(bounds, marks, strict=False)], worst=marks[-1])

    def words(self, p: Json) -> Json:
        return {**p, "marks": ", ".join(f"from {bound} on '{mark}'" for bound, mark in p["bounds"])}

    def truth(self, p: Json, *arguments: Any) -> Any:
        edges = [101, *(bound for bound, _ in p["bounds"]), -1]
        marks = [*(mark for _, mark in p["bounds"]), p["worst"]]
        ranges = zip(edges[1:], edges, marks, strict=False)
        counts = {mark: sum(low <= each < high for each in arguments[0]) for low, high, mark in ranges}
        return {mark: count for mark, count in counts.items() if count}

    def arguments(self, random: Random, p: Json) -> list[Any]:
        near = [bound + random.randint(-1, 1) for bound, _ in p["bounds"]]
        return [[*numbers(random, 0, 100, 0, 8), *random.sample(near, random.randint(0, 3))]]
