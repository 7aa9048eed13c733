"""The oracle of the desk: what to do next, from what the customer has said and what was called."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core.records import Action, Json
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.worlds.tools.desk.customer import Customer, Mind
from dutiful.worlds.tools.desk.policy import MOST_BAGS, POLICY, SLOTS
from dutiful.worlds.tools.desk.records import BAG_FEE, CHANGE_FEE, Tables

PROPOSALS = {
    "change_address": "Shall I send order {order} to {address}?",
    "change_product": "Shall I change order {order} to the product {product}?",
    "cancel_order": "Shall I cancel order {order}?",
    "change_date": "Shall I move booking {booking} to {date}?",
    "add_bags": "Shall I set booking {booking} to {bags} bags?",
    "cancel_booking": "Shall I cancel booking {booking}?",
}
REPORTS = {
    "change_address": "Done: order {order} goes to {address}. The fee is {amount} euros.",
    "change_product": "Done: order {order} is now for the {product}. The price is {amount} euros.",
    "cancel_order": "Done: order {order} is off. You get {amount} euros back.",
    "change_date": "Done: booking {booking} is now for {date}. The price is {amount} euros.",
    "add_bags": "Done: booking {booking} has {bags} bags. The fee is {amount} euros.",
    "cancel_booking": "Done: booking {booking} is off. You get {amount} euros back.",
}
QUESTIONS = {
    "address": "What is the new address?",
    "product": "Which product would you like?",
    "date": "Which day should it be?",
    "bags": "How many bags should it be?",
}


def next_action(customer: Customer, mind: Mind, tables: Tables, made: Sequence[Call]) -> Action:  # noqa: PLR0911
    """The next call or reply of the oracle. `made`: the calls that were carried out."""
    if mind.answered == len(customer.wishes):
        return calls.action(Call("finish", {}))
    own: Json = customer.setup["customer"]
    identify = Call("find_customer", {"email": own["email"], "postcode": own["postcode"]})
    if identify not in made:
        # The customer says both at the first question; before it, nothing of them is known.
        return calls.action(identify) if mind.asked else Action("Gladly. What are your e-mail and your postcode, please?")
    kind, wants = customer.wishes[mind.wish]["kind"], customer.wants(mind)
    record = POLICY["writes"][kind]
    look, change = Call(f"get_{record}", {record: wants[record]}), Call(kind, wants)
    if record not in mind.given:
        return Action(f"What is the {record} number?", calls.text(Call(look.tool, {record: "?"})))
    if look not in made:
        return calls.action(look)
    row = tables[f"{record}s"][wants[record]]
    if row["status"] in POLICY["fixed"]:
        return Action(f"I am sorry, I cannot do that: {record} {wants[record]} is {row['status']}.")
    slot = SLOTS.get(kind)
    if slot and slot not in mind.given:
        return Action(QUESTIONS[slot], calls.text(Call(kind, wants | {slot: "?"})))
    if wants.get("bags", 0) > MOST_BAGS:
        return Action(f"I am sorry, I cannot do that: {record} {wants[record]} may have {MOST_BAGS} bags at most.")
    priced = {"change_product": ("get_product", "product"), "change_date": ("get_fare", "date")}
    if kind in priced:
        tool, by = priced[kind]
        price = Call(tool, {"route": row["route"], by: wants[by]} if tool == "get_fare" else {by: wants[by]})
        if price not in made:
            return calls.action(price)
    if change in made:
        return Action(REPORTS[kind].format(**wants, amount=_amount(kind, row, wants)))
    if mind.agreed:
        return calls.action(change)
    return Action(PROPOSALS[kind].format(**wants), calls.text(change))


def _amount(kind: str, row: Json, wants: Json) -> int:
    if kind == "change_address":
        return CHANGE_FEE
    if kind == "add_bags":
        return BAG_FEE * wants["bags"]
    return row["price"] // 2 if kind == "cancel_booking" else row["price"]
