"""What the desk knows: drawing it, and what its tools do with it."""

from __future__ import annotations

from random import Random
from typing import Any

from dutiful.core.records import Json
from dutiful.kit.calls import Call
from dutiful.worlds.tools.desk.policy import MOST_BAGS, POLICY, SLOTS

Tables = dict[str, dict[str, Json]]

FIRST = ("Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hedy", "Ilja", "June", "Kaj", "Lore", "Mo", "Nell", "Ole", "Pia")
LAST = ("Aal", "Birk", "Cole", "Dorn", "Esch", "Falk", "Gold", "Hain", "Iser", "Jahn", "Kolb", "Lenz", "Moor", "Nagel", "Orth")
STREETS = ("Abbey Road", "Brook Lane", "Chapel Street", "Dock Street", "Elm Road", "Ferry Lane", "Green Street", "Hill Road")
PRODUCTS = ("lantern", "rucksack", "teapot", "hammock", "blanket", "notebook", "umbrella", "bookcase", "armchair", "carpet")
CITIES = ("Bergen", "Cadiz", "Dublin", "Genoa", "Lyon", "Malmo", "Porto", "Riga", "Split", "Turin")
CHANGE_FEE, BAG_FEE = 6, 15


class Draw:
    """Draws the values of one task. Numbers of the splits differ modulo three, so that no two splits share any."""

    def __init__(self, random: Random, part: int):
        self.random, self.part, self._used = random, part, set[str]()

    def id(self, letter: str) -> str:
        """A number behind a letter, new in this task."""
        while True:
            made = f"{letter}{1000 + 3 * self.random.randrange(2900) + self.part}"
            if made not in self._used:
                self._used.add(made)
                return made

    def date(self) -> str:
        return f"2031-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"

    def value(self, slot: str, but: Any = None) -> Any:
        """A value of a slot that is not `but`."""
        while True:
            made = {
                "address": f"{self.random.choice(STREETS)} {self.random.randint(2, 98)}",
                "product": self.random.choice(PRODUCTS),
                "date": self.date(),
                "bags": self.random.randint(1, MOST_BAGS),
            }[slot]
            if made != but:
                return made


def draw_tables(draw: Draw) -> Tables:
    """One customer with four orders and four bookings, a stranger with one of each, and the price list."""
    random = draw.random
    customers: dict[str, Json] = {}
    orders: dict[str, Json] = {}
    bookings: dict[str, Json] = {}
    prices = random.sample(range(21, 99), len(PRODUCTS))
    products: dict[str, Json] = {name: {"product": name, "price": price} for name, price in zip(PRODUCTS, prices, strict=True)}
    for many in (4, 1):
        name, key = f"{random.choice(FIRST)} {random.choice(LAST)}", draw.id("C")
        email = f"{name.lower().replace(' ', '.')}{key[1:]}@example.org"
        customers[key] = {"customer": key, "name": name, "email": email, "postcode": draw.id("P")}
        for _ in range(many):
            product = random.choice(PRODUCTS)
            order: Json = {"order": draw.id("O"), "customer": key, "status": "pending", "product": product}
            orders[order["order"]] = order | {"address": draw.value("address"), "price": products[product]["price"]}
            route = "-".join(random.sample(CITIES, 2))
            booking: Json = {"booking": draw.id("B"), "customer": key, "status": "booked", "route": route, "date": draw.date()}
            bookings[booking["booking"]] = booking | {"bags": 0, "price": random.randint(101, 399)}
    return {"customers": customers, "orders": orders, "bookings": bookings, "products": products}


def fare(route: str, date: str) -> int:
    """The fare of a route on a day, in euros."""
    return 100 + sum(ord(each) * (place + 3) for place, each in enumerate(route + date)) % 300


def carry_out(tables: Tables, call: Call) -> Json:
    """What a tool gives back; changes the tables in place. Raises KeyError with the reason where there is no such record.

    No tool knows the policy: what it forbids can be done.
    """
    given = call.arguments
    if call.tool == "find_customer":
        for key, customer in tables["customers"].items():
            if (customer["email"], customer["postcode"]) == (given["email"], given["postcode"]):
                own = {
                    kind: [each for each, row in tables[kind].items() if row["customer"] == key]
                    for kind in ("orders", "bookings")
                }
                return {"customer": key, "name": customer["name"]} | own
        raise KeyError("there is no customer with that e-mail and postcode")
    if call.tool == "get_product":
        return dict(_row(tables, "product", given["product"]))
    if call.tool == "get_fare":
        return {"route": given["route"], "date": given["date"], "price": fare(given["route"], given["date"])}
    kind = "order" if "order" in given else "booking"
    row = _row(tables, kind, given[kind])
    if call.tool in POLICY["reads"]:
        return dict(row)
    return {kind: row[kind]} | _change(tables, call.tool, row, given)


def _row(tables: Tables, kind: str, key: str) -> Json:
    if key not in tables[f"{kind}s"]:
        raise KeyError(f"there is no {kind} {key!r}")
    return tables[f"{kind}s"][key]


def _change(tables: Tables, tool: str, row: Json, given: Json) -> Json:
    if tool in ("cancel_order", "cancel_booking"):
        row["status"] = "cancelled"
        return {"status": "cancelled", "refund": row["price"] if tool == "cancel_order" else row["price"] // 2}
    slot = SLOTS[tool]
    if tool == "change_product":
        row["price"] = _row(tables, "product", given["product"])["price"]
    elif tool == "change_date":
        row["price"] = fare(row["route"], given["date"])
    row[slot] = given[slot]
    paid = {"change_address": {"fee": CHANGE_FEE}, "add_bags": {"fee": BAG_FEE * int(given.get("bags", 0))}}
    return {slot: row[slot]} | paid.get(tool, {"price": row["price"]})
