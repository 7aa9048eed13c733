"""Procedures of a service desk: 25 actions, 40 workflows of three to five of them, and the words of customers about each.

An action takes one or two details, which the customer gives when asked. What a workflow is called, what it is for and which
actions it takes in which order stand here; the values of a dialogue are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "pull-account": ("name",), "check-identity": ("name", "postcode"), "check-order": ("order",), "check-warranty": ("serial",),
    "check-stock": ("product",), "ask-carrier": ("parcel",), "trace-parcel": ("parcel",), "send-label": ("email",),
    "issue-refund": ("order", "amount"), "issue-voucher": ("email",), "replace-item": ("product",),
    "change-address": ("address",), "change-date": ("date",),
    "cancel-order": ("order",), "hold-order": ("order",), "reset-password": ("email",),
    "unlock-login": ("phone",), "send-code": ("phone",), "log-complaint": ("reason",), "book-repair": ("date",),
    "waive-fee": ("amount",), "upgrade-plan": ("plan",), "stop-plan": ("plan",), "match-price": ("product", "amount"),
    "file-claim": ("serial",),
}  # fmt: skip
"""The details that each action takes."""

WORKFLOWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "late parcel": ("my parcel should have come days ago", ("pull-account", "trace-parcel", "ask-carrier", "issue-voucher")),
    "lost parcel": ("my parcel seems to be lost", ("check-identity", "ask-carrier", "file-claim", "issue-refund")),
    "wrong address": ("I typed the wrong address", ("pull-account", "hold-order", "change-address")),
    "new address": ("I have moved house", ("check-identity", "send-code", "change-address")),
    "other day": ("I cannot be at home that day", ("check-order", "ask-carrier", "change-date")),
    "damaged item": ("the thing came broken", ("check-order", "log-complaint", "send-label", "replace-item")),
    "wrong item": ("you sent me something else", ("pull-account", "check-order", "send-label", "replace-item")),
    "wrong size": ("it does not fit me", ("check-stock", "send-label", "replace-item")),
    "change of mind": ("I do not want it any more", ("check-order", "send-label", "issue-refund")),
    "cancel early": ("please stop my order before it leaves", ("pull-account", "hold-order", "cancel-order")),
    "cancel late": ("I ordered by mistake and it has left", ("check-identity", "trace-parcel", "cancel-order", "issue-refund")),
    "double charge": ("I was charged twice", ("check-identity", "check-order", "issue-refund")),
    "hidden fee": ("there is a fee that nobody told me of", ("pull-account", "log-complaint", "waive-fee")),
    "late fee": ("you made me pay for being late", ("check-identity", "waive-fee", "issue-voucher")),
    "price drop": ("it is cheaper today than when I bought it", ("check-order", "match-price", "issue-refund")),
    "cheaper elsewhere": ("another shop sells it for less", ("check-stock", "match-price", "issue-voucher")),
    "voucher fails": ("my voucher does not work", ("pull-account", "check-order", "issue-voucher")),
    "voucher lost": ("I cannot find my voucher", ("check-identity", "send-code", "issue-voucher")),
    "forgotten password": ("I forgot my password", ("pull-account", "send-code", "reset-password")),
    "locked login": ("it says that my login is locked", ("check-identity", "send-code", "unlock-login")),
    "stolen account": ("somebody else used my account", ("check-identity", "reset-password", "unlock-login", "log-complaint")),
    "new phone": ("I have a new phone number", ("pull-account", "check-identity", "unlock-login")),
    "broken in warranty": ("it stopped working after a month", ("check-warranty", "book-repair", "send-label")),
    "broken out of warranty": ("it broke and it is old", ("check-warranty", "match-price", "book-repair")),
    "repair takes long": ("my repair takes for ever", ("check-order", "log-complaint", "replace-item", "issue-voucher")),
    "repair failed": ("it came back from repair and still fails", ("check-warranty", "log-complaint", "replace-item")),
    "move repair": ("I need another day for the repair", ("pull-account", "check-warranty", "change-date")),
    "missing part": ("a part is missing in the box", ("check-order", "check-stock", "replace-item")),
    "sold out": ("it says sold out", ("check-stock", "hold-order", "change-date")),
    "bigger plan": ("I need a bigger plan", ("pull-account", "upgrade-plan", "waive-fee")),
    "smaller plan": ("my plan is too big for me", ("pull-account", "stop-plan", "upgrade-plan")),
    "end plan": ("I want to end my plan", ("check-identity", "log-complaint", "stop-plan")),
    "plan too dear": ("my plan costs too much", ("pull-account", "match-price", "waive-fee", "upgrade-plan")),
    "plan by mistake": ("I never asked for a plan", ("check-identity", "stop-plan", "issue-refund")),
    "rude courier": ("the courier was rude to me", ("ask-carrier", "log-complaint", "issue-voucher")),
    "parcel at neighbour": ("the parcel is not at my neighbour's", ("trace-parcel", "ask-carrier", "file-claim")),
    "opened parcel": ("the parcel was open when it came", ("check-order", "file-claim", "replace-item")),
    "gift": ("it is a gift and must come later", ("check-order", "hold-order", "change-date", "change-address")),
    "gift returned": ("I was given it and do not want it", ("check-order", "check-identity", "send-label", "issue-voucher")),
    "insurance": ("I want to use my insurance", ("check-identity", "check-warranty", "file-claim", "book-repair")),
}  # fmt: skip
"""What a customer says it is about, and the actions in their order."""

OPENINGS = ("hello , {} .", "hi there , {} .", "{} , can you help ?", "good morning , {} .", "i am calling because {} .")
ASKING = ("what details ?", "your details , please ?", "tell me more .")
CLOSING = "that is done . goodbye ."
GIVING = {detail: f"{detail} {{}}" for details in ACTIONS.values() for detail in details}
_FIRST = ("ann", "bela", "cora", "dirk", "enzo", "femi", "gita", "hugo", "ines", "jana", "kemal", "lea", "milo", "nora", "otto")
_LAST = ("adler", "brandt", "costa", "dumas", "ekman", "fabri", "grant", "hansen", "ito", "jensen", "kaya", "lopez", "meyer")
_REASONS = ("noise", "delay", "rudeness", "dirt", "silence", "confusion", "smell", "scratches")
_PRODUCTS = ("lamp", "kettle", "chair", "clock", "bag", "radio", "fan", "mixer", "tent", "desk")
_STREETS = ("tower", "mill", "garden", "river", "station", "castle", "harbour", "meadow")


def value(detail: str, random: Random) -> str:
    """A value of a detail, one word."""
    number = random.randrange(1000, 10000)
    made = {
        "name": f"{random.choice(_FIRST)}-{random.choice(_LAST)}",
        "email": f"{random.choice(_FIRST)}{number}@example.com",
        "amount": f"{number // 100}-euros",
        "reason": random.choice(_REASONS),
        "product": f"{random.choice(_PRODUCTS)}-{number}",
        "address": f"{random.choice(_STREETS)}-street-{number % 100}",
        "date": f"{random.choice(('may', 'june', 'july'))}-{number % 28 + 1}",
        "plan": f"plan-{number}",
    }
    return made.get(detail, f"{detail[0]}{number}")
