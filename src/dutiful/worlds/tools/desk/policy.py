"""The desk's policy, once as text for agents and once as a file for code, and the tools that it speaks of."""

from __future__ import annotations

from dutiful.core.records import Json
from dutiful.core.world import Tool

MOST_BAGS = 3
TEXT = f"""\
You work at a desk that looks after orders and bookings. Its policy:
1. Identify the customer with find_customer (e-mail and postcode) before you use any other tool.
2. Look at a record before you change it, and open only records of the customer whom you have identified.
3. Before every change say exactly what you will change, and wait for the customer's yes. A yes is good for one change.
4. Orders that are shipped or delivered and bookings that are flown stay as they are: say that you cannot change them, and why.
5. A booking has at most {MOST_BAGS} bags.
6. After a change say that it is done, for which record, and the amount. Serve one request after the other; then finish."""

POLICY: Json = {
    "text": TEXT,
    "identify": "find_customer",
    "owner": "customer",
    "writes": {
        "change_address": "order",
        "change_product": "order",
        "cancel_order": "order",
        "change_date": "booking",
        "add_bags": "booking",
        "cancel_booking": "booking",
    },
    "reads": {"get_order": "order", "get_booking": "booking"},
    "serves": {
        "change_address": ["get_order", "change_address"],
        "change_product": ["get_order", "get_product", "change_product"],
        "cancel_order": ["get_order", "cancel_order"],
        "change_date": ["get_booking", "get_fare", "change_date"],
        "add_bags": ["get_booking", "add_bags"],
        "cancel_booking": ["get_booking", "cancel_booking"],
    },
    "fixed": ["shipped", "delivered", "flown"],
    "statuses": ["pending", "booked", "shipped", "delivered", "flown"],
    "limits": {"bags": MOST_BAGS},
    "amounts": ["fee", "refund", "price"],
}
"""What a judge needs of it. `serves`: the tools that a wish may take; `writes` and `reads`: which argument names the record."""


def _tool(name: str, description: str, **types: str) -> Tool:
    properties = {each: {"type": kind} for each, kind in types.items()}
    return Tool(name, description, {"type": "object", "properties": properties, "required": [*types]})


TOOLS = (
    _tool("find_customer", "Identifies a customer; lists their orders and bookings.", email="string", postcode="string"),
    _tool("get_order", "Shows an order.", order="string"),
    _tool("get_booking", "Shows a booking.", booking="string"),
    _tool("get_product", "Shows the price of a product.", product="string"),
    _tool("get_fare", "Shows the fare of a route (as bookings have it) on a day.", route="string", date="string"),
    _tool("change_address", "Sends an order to another address.", order="string", address="string"),
    _tool("change_product", "Exchanges the product of an order.", order="string", product="string"),
    _tool("cancel_order", "Cancels an order and pays the price back.", order="string"),
    _tool("change_date", "Moves a booking to another day.", booking="string", date="string"),
    _tool("add_bags", "Sets how many bags a booking has.", booking="string", bags="integer"),
    _tool("cancel_booking", "Cancels a booking and pays half of the price back.", booking="string"),
    _tool("finish", "Ends the conversation."),
)
SLOTS = {"change_address": "address", "change_product": "product", "change_date": "date", "add_bags": "bags"}
"""What a wish says besides its record."""
