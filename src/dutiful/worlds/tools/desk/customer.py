"""The simulated customer: rules, no model. It says one thing at a time, and every utterance is logged as an act.

An act is JSON: `kind`, `wish` (its place), `facts` (what was said, by slot). Kinds: "wish" a new request; "inform" facts;
"correct" a second thought; "confirm" yes to a proposal, with what was agreed; "deny" no, with what is wanted; "end" all is
served; "leave" it gave up. Two errors of its own can be planted (`Json` setup of the task, key "errors"): {"quits": n} leaves
instead of bringing request n up; {"contradicts": [n, value]} says for the detail of request n another value than its card.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from dutiful.core.records import Json
from dutiful.worlds.tools.desk.policy import POLICY, SLOTS

ABOUT = {
    "change_address": ("send an order to another address", "have an order sent elsewhere"),
    "change_product": ("exchange the product in an order", "have something else in an order"),
    "cancel_order": ("cancel an order", "get rid of an order"),
    "change_date": ("move a booking to another day", "fly on another day"),
    "add_bags": ("take bags along on a booking", "have bags on a booking"),
    "cancel_booking": ("cancel a booking", "not fly after all on a booking"),
}
SAID = {
    "order": "the order is {}",
    "booking": "the booking is {}",
    "address": "the new address is {}",
    "product": "I want the {}",
    "date": "the new day is {}",
    "bags": "it should be {} bags",
    "email": "my e-mail is {}",
    "postcode": "my postcode is {}",
}
ASKS = {
    "order": ("order number", "which order", "number"),
    "booking": ("booking number", "which booking", "number"),
    "address": ("address",),
    "product": ("product",),
    "date": ("day", "date"),
    "bags": ("bags",),
}
"""The words by which a reply asks for a slot."""
_CLOSES = re.compile(r"\b(?:done|cannot|can't|not possible|not allowed)\b")
_PROPOSES = re.compile(r"\b(?:shall i|should i|may i|do you confirm|please confirm|is that right|do you agree|do you want me)\b")


class Mind(NamedTuple):
    """Where the customer stands: request, the slots said of it, whether the second thought is said, requests answered,
    whether it agreed to the change, whether it left, whether it said who it is.
    """

    wish: int = 0
    given: frozenset[str] = frozenset()
    turned: bool = False
    answered: int = 0
    agreed: bool = False
    over: bool = False
    asked: bool = False


class Utterance(NamedTuple):
    """What is said, the act behind it, and the mind after it."""

    said: str
    act: Json
    mind: Mind


class Customer:
    """Answers replies by its card: `setup` of a task."""

    def __init__(self, setup: Json, seed: int):
        self.setup, self.wishes, self.seed = setup, setup["wishes"], seed

    def wants(self, mind: Mind) -> Json:
        """The present request as a mapping of slots: record, and the detail as the customer says it now."""
        wish: Json = self.wishes[mind.wish]
        record = POLICY["writes"][wish["kind"]]
        facts = {record: wish["record"], **wish["facts"]}
        if mind.turned:
            facts |= wish.get("then", {})
        place, value = self.setup["errors"].get("contradicts", (-1, None))
        return facts | {SLOTS[wish["kind"]]: value} if place == mind.wish else facts

    def open(self) -> Utterance:
        """The first thing that is said: what it is about, nothing more."""
        said = Random(f"{self.seed} 0").choice(("Hello, I would like to {}.", "Good day. I want to {}.", "Hi, I need to {}."))
        return self._wish(Mind(), said)

    def answer(self, mind: Mind, reply: str) -> Utterance:  # noqa: PLR0911
        """What is said to a reply."""
        low = reply.lower()
        if mind.answered == len(self.wishes):
            return self._say(mind, "end", "No, that is all.", {})
        if re.search(r"e-?mail|postcode", low):
            facts = {each: self.setup["customer"][each] for each in ("email", "postcode")}
            return self._say(mind._replace(asked=True), "inform", _sentence(facts), facts)
        wants = self.wants(mind)
        known = mind.given >= set(wants)
        if known and not mind.turned and self.wishes[mind.wish].get("then") and (_CLOSES.search(low) or _PROPOSES.search(low)):
            mind = mind._replace(turned=True, agreed=False)
            facts = self.wishes[mind.wish]["then"]
            return self._say(mind, "correct", f"Sorry, I have changed my mind: {_sentence(facts)}", facts)
        if _CLOSES.search(low):
            return self._next(mind)
        if _PROPOSES.search(low):
            agrees = all(str(value).lower() in low for value in wants.values())
            agrees &= ("cancel" in low) == self.wishes[mind.wish]["kind"].startswith("cancel")
            if agrees:
                return self._say(mind._replace(agreed=True, given=mind.given | set(wants)), "confirm", "Yes, please.", wants)
            return self._say(mind._replace(given=mind.given | set(wants)), "deny", f"No. {_sentence(wants)}", wants)
        asked = [each for each in wants if any(word in low for word in ASKS[each])]
        named = asked or [each for each in wants if each not in mind.given][:1] or list(wants)
        facts = {each: wants[each] for each in named}
        return self._say(mind._replace(given=mind.given | set(named)), "inform", _sentence(facts), facts)

    def _next(self, mind: Mind) -> Utterance:
        """A request was answered: the next, or the end."""
        after = Mind(mind.wish + 1, answered=mind.answered + 1, asked=mind.asked)
        if after.wish == len(self.wishes):
            return self._say(after._replace(wish=mind.wish), "end", "Thank you, that is all.", {})
        if self.setup["errors"].get("quits") == after.wish:
            return self._say(after._replace(over=True), "leave", "I have had enough of this. Goodbye.", {})
        return self._wish(after, "Thank you. I would also like to {}.")

    def _wish(self, mind: Mind, frame: str) -> Utterance:
        kind = self.wishes[mind.wish]["kind"]
        said = frame.format(Random(f"{self.seed} {mind.wish} about").choice(ABOUT[kind]))
        return Utterance(said, {"kind": "wish", "wish": mind.wish, "facts": {}, "wants": kind}, mind)

    def _say(self, mind: Mind, kind: str, said: str, facts: Json) -> Utterance:
        return Utterance(said, {"kind": kind, "wish": mind.wish, "facts": dict(facts)}, mind)


def _sentence(facts: Json | Sequence[tuple[str, Any]]) -> str:
    said = " and ".join(SAID[slot].format(value) for slot, value in dict(facts).items())
    return f"{said[0].upper()}{said[1:]}."
