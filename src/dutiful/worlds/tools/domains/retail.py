"""retail: the service desk of a shop, with customers, orders, products, suppliers, parcels and tickets, and its procedures."""

from __future__ import annotations

from random import Random

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Domain, Procedure, Row, State, Tables, ToolError, domain, table
from dutiful.worlds.tools.making import change, create, listing, read, remove
from dutiful.worlds.tools.values import (
    CITIES,
    LAST,
    STREETS,
    choice,
    date,
    ids,
    named,
    number,
    part,
    people,
    shown,
    text,
    words,
)

CATEGORIES = ("lamps", "chairs", "kettles", "bags", "clocks")
TITLES = words("Alba Brio Cala Dune Etna Fjord Gala Halo Iris Juno Kite Luna Mora Nova Onda Pine Quay Reef Sola Tide")
STATUSES = ("pending", "shipped", "delivered", "cancelled")
TIERS, PRIORITIES, SPEEDS = ("basic", "silver", "gold"), ("low", "normal", "high"), ("standard", "express")
ADDRESSES = tuple(f"{street} {n}" for n in (3, 8, 14, 21, 40) for street in STREETS)
SUBJECTS = words(
    "missing part,broken handle,wrong colour,late parcel,wrong invoice,warranty question,smell of paint,loose screw,"
    "open box,missing manual",
    ",",
)
NOTES = words(
    "please call us back,thank you for waiting,the delivery is late,we need a new offer,the invoice follows,"
    "your parcel is on its way,a part is missing,please confirm the date,we changed the price,the stock is low",
    ",",
)

KINDS = {
    "customer_id": named("customers", "customer_id", "customer {}", "customer"),
    "order_id": named("orders", "order_id", "order {}", "order"),
    "product_id": named("products", "product_id", "product {}", "product"),
    "supplier_id": named("suppliers", "supplier_id", "supplier {}", "supplier"),
    "carrier_id": named("carriers", "carrier_id", "carrier {}", "carrier"),
    "ticket_id": named("tickets", "ticket_id", "ticket {}", "ticket"),
    "tracking_number": named("orders", "tracking_number", "parcel {}", "parcel"),
    "return_id": shown(ask=False, label="return"),
    "wish_id": shown(ask=False),
    "mail_id": shown(ask=False),
    "email": named("customers", "email", "the e-mail {}", "e-mail", ask=True),
    "phone": named("customers", "phone", "the phone number {}", "phone number", ask=True),
    "product_name": named("products", "name", 'the name "{}"', "name", ask=True),
    "person": shown(label="name"),
    "city": shown(),
    "category": choice(CATEGORIES, 'the category "{}"', ask=True, link=True),
    "order_status": choice(STATUSES, label="status", ask=True),
    "ticket_status": choice(("open", "closed"), label="status", ask=True),
    "priority": choice(PRIORITIES, ask=True),
    "tier": choice(TIERS, ask=True),
    "reason": choice(("no longer needed", "ordered by mistake", "damaged", "too expensive"), '"{}"'),
    "speed": choice(SPEEDS, label="delivery", ask=True),
    "address": text(ADDRESSES, ask=True, link=False),
    "subject": text(SUBJECTS, ask=True, link=False),
    "message": text(NOTES, link=False),
    "quantity": number(1, 6),
    "money": shown("number", order=("cheapest", "most expensive")),
    "amount": number(5, 60, 5, "{} euros", ask=True, order=("lowest", "highest")),
    "stock": shown("integer", label="number in stock", order=("", "")),
    "rating": shown("number", order=("worst rated", "best rated")),
    "days": shown("integer", label="delivery time in days", order=("", "")),
    "day": shown(label="date", order=("oldest", "latest")),
}

customers = table("customers", "customer", "customer_id", "C-", "customer_id name:person email phone address tier credit:amount")
suppliers = table("suppliers", "supplier", "supplier_id", "S-", "supplier_id name:person email city")
products = table(
    "products", "product", "product_id", "P-", "product_id name:product_name category supplier_id price:money stock rating"
)
carriers = table("carriers", "carrier", "carrier_id", "K-", "carrier_id name:person phone days")
orders = table(
    "orders",
    "order",
    "order_id",
    "O-",
    "order_id customer_id product_id quantity total:money status:order_status placed_on:day address carrier_id tracking_number "
    "delivery:speed",
)
tickets = table(
    "tickets", "ticket", "ticket_id", "T-", "ticket_id customer_id subject priority status:ticket_status opened_on:day"
)
returns = table("returns", "return", "return_id", "R-", "return_id order_id reason")
wishes = table("wishes", "wish", "wish_id", "W-", "wish_id customer_id product_id")
mails = table("mails", "mail", "mail_id", "M-", "mail_id email message")


def restock(state: State, given: Json, row: Row) -> None:
    product = state.get("products", row["product_id"])
    state.set("products", row["product_id"], stock=product["stock"] + row["quantity"])


def take_stock(state: State, given: Json, row: Row) -> None:
    product = state.get("products", row["product_id"])
    state.set("products", row["product_id"], stock=product["stock"] - row["quantity"])


def in_stock(state: State, given: Json) -> None:
    state.get("customers", given["customer_id"])
    product = state.get("products", given["product_id"])
    if not 0 < given["quantity"] <= product["stock"]:
        raise ToolError(409, f"{given['quantity']} of {given['product_id']} cannot be ordered: {product['stock']} are in stock")


def may_return(state: State, given: Json) -> None:
    order = state.get("orders", given["order_id"])
    if order["status"] != "delivered":
        raise ToolError(409, f"only delivered orders can be returned; its status is {order['status']!r}")
    if state.find("returns", order_id=given["order_id"]):
        raise ToolError(409, f"{given['order_id']} is returned already")


def customer_known(state: State, given: Json) -> None:
    state.get("customers", given["customer_id"])


def both_known(state: State, given: Json) -> None:
    state.get("customers", given["customer_id"])
    state.get("products", given["product_id"])


def price_of(state: State, given: Json, row: Row) -> float:
    return round(state.get("products", given["product_id"])["price"] * given["quantity"], 2)


def address_of(state: State, given: Json, row: Row) -> str:
    return state.get("customers", given["customer_id"])["address"]


def credited(state: State, given: Json, row: Row) -> int:
    if not 0 < given["amount"] <= 60:
        raise ToolError(403, f"a credit of {given['amount']} is beyond what you may give: 1 to 60")
    return row["credit"] + given["amount"]


ORDER = "order_id customer_id product_id quantity total status placed_on address carrier_id tracking_number"
BOUGHT = "order_id customer_id quantity total status placed_on"
LISTED = "product_id name price rating stock"
PENDING = ("status", ("pending",), "only pending orders can be changed")
OPEN = ("status", ("open",), "only open tickets can be changed")
CLOSED = ("status", ("closed",), "only closed tickets can be deleted")

FUNCTIONS = [
    read("find_customer_by_email", "Looks a customer up by e-mail address.", customers, "email", "customer_id name phone tier",
         "the customer with {email}"),
    read("find_customer_by_phone", "Looks a customer up by phone number.", customers, "phone", "customer_id name email tier",
         "the customer with {phone}"),
    read("get_customer", "Shows a customer's record.", customers, "customer_id",
         "customer_id name email phone address tier credit", "{customer_id}"),
    listing("list_customer_orders", "Lists a customer's orders.", orders, "customer_id",
            "order_id product_id total status placed_on", "order of {customer_id}", "orders of {customer_id}"),
    read("get_order", "Shows an order in full.", orders, "order_id", ORDER, "{order_id}"),
    read("track_parcel", "Finds the order that a parcel belongs to, and who carries it.", orders, "tracking_number",
         "order_id carrier_id status delivery", "the order in {tracking_number}"),
    read("get_product", "Shows a product.", products, "product_id",
         "product_id name category supplier_id price stock rating", "{product_id}"),
    read("find_product", "Looks a product up by its exact name.", products, "name", "product_id category supplier_id price stock",
         "the product with {name}"),
    listing("list_products_in_category", "Lists the products of a category.", products, "category", LISTED,
            "product in {category}", "products in {category}"),
    listing("list_supplier_products", "Lists what a supplier makes.", products, "supplier_id", LISTED,
            "product by {supplier_id}", "products by {supplier_id}"),
    read("get_supplier", "Shows a supplier.", suppliers, "supplier_id", "supplier_id name email city", "{supplier_id}"),
    read("get_carrier", "Shows a carrier of parcels.", carriers, "carrier_id", "carrier_id name phone days", "{carrier_id}"),
    listing("list_customer_tickets", "Lists a customer's service tickets.", tickets, "customer_id",
            "ticket_id subject priority status opened_on", "ticket of {customer_id}", "tickets of {customer_id}"),
    listing("list_product_orders", "Lists the orders of a product.", orders, "product_id", BOUGHT,
            "order of {product_id}", "orders of {product_id}"),
    change("cancel_order", "Cancels a pending order and puts its goods back in stock.", orders, "order_id reason",
           dict(status="cancelled"), only=(PENDING,), then=restock,
           do=("cancel {order_id} (reason: {reason})", "call off {order_id}, with the reason {reason}"),
           hint=("nobody wants {order_id} any more, with the reason {reason}",)),
    change("change_order_address", "Sends a pending order elsewhere.", orders, "order_id address",
           dict(address="$address"), only=(PENDING,),
           do=("change the address of {order_id} to {address}", "have {order_id} delivered to {address}"),
           hint=("{order_id} should go to {address}",)),
    change("set_delivery", "Sets how a pending order is delivered.", orders, "order_id speed",
           dict(delivery="$speed"), only=(PENDING,),
           do=("set the delivery of {order_id} to {speed}", "switch {order_id} to {speed} delivery"),
           hint=("for {order_id} it must be {speed} delivery",)),
    create("return_order", "Opens a return of a delivered order.", returns, "order_id reason",
           dict(order_id="$order_id", reason="$reason"), check=may_return,
           do=("return {order_id} with the reason {reason}", "open a return of {order_id} (reason: {reason})"),
           hint=("{order_id} should come back to us, with the reason {reason}",)),
    create("place_order", "Orders a product for a customer, to the customer's own address.", orders,
           "customer_id product_id quantity",
           dict(customer_id="$customer_id", product_id="$product_id", quantity="$quantity", total=price_of, status="pending",
                placed_on="2026-06-01", address=address_of, carrier_id="", tracking_number="", delivery="standard"),
           check=in_stock, then=take_stock,
           do=("order {quantity} pieces of {product_id} for {customer_id}",
               "place an order of {quantity} pieces of {product_id} for {customer_id}"),
           hint=("{quantity} pieces of {product_id} should go to {customer_id}",)),
    create("add_to_wishlist", "Puts a product on a customer's wish list.", wishes, "customer_id product_id",
           dict(customer_id="$customer_id", product_id="$product_id"), check=both_known,
           do=("put {product_id} on the wish list of {customer_id}", "add {product_id} to the wish list of {customer_id}"),
           hint=("{product_id} is something to wish for, for {customer_id}",)),
    create("open_ticket", "Opens a service ticket for a customer.", tickets, "customer_id subject priority",
           dict(customer_id="$customer_id", subject="$subject", priority="$priority", status="open", opened_on="2026-06-01"),
           check=customer_known, optional=dict(priority="normal"),
           do=("open a ticket for {customer_id} on the subject {subject}[ with {priority} priority]",
               "file a[ {priority} priority] ticket for {customer_id} about {subject}"),
           hint=("there is a complaint by {customer_id}, subject {subject}[, {priority} priority], to take down",)),
    change("close_ticket", "Closes an open ticket.", tickets, "ticket_id", dict(status="closed"), only=(OPEN,),
           do=("close {ticket_id}", "mark {ticket_id} as closed"), hint=("there is nothing left to do about {ticket_id}",)),
    change("set_ticket_priority", "Sets the priority of an open ticket.", tickets, "ticket_id priority",
           dict(priority="$priority"), only=(OPEN,),
           do=("set the priority of {ticket_id} to {priority}", "give {ticket_id} {priority} priority"),
           hint=("we should treat {ticket_id} with {priority} priority",)),
    change("give_credit", "Adds to a customer's store credit; at most 60 euros at once.", customers, "customer_id amount",
           dict(credit=credited),
           do=("give {customer_id} a credit of {amount}", "credit {amount} to {customer_id}"),
           hint=("we owe {customer_id} {amount} in store credit",)),
    change("update_customer_address", "Changes the address on a customer's record, not that of orders.", customers,
           "customer_id address", dict(address="$address"),
           do=("set the home address of {customer_id} to {address}",
           "change the record of {customer_id} to the address {address}"),
           hint=("the new home of {customer_id} is {address}",)),
    create("send_email", "Sends an e-mail to anyone.", mails, "email message", dict(email="$email", message="$message"),
           do=("write to {email} with the message {message}", "send a message to {email}: {message}"),
           hint=("whoever reads {email} should know: {message}",)),
    remove("delete_ticket", "Deletes a closed ticket for good.", tickets, only=(CLOSED,),
           do=("delete {ticket_id}", "remove {ticket_id} for good"), hint=("I never want to see {ticket_id} again",)),
]  # fmt: skip


def build(random: Random, split: str) -> Tables:
    """6 customers with 2 to 5 orders and 1 to 4 tickets each, 12 products by 3 suppliers, 3 carriers."""
    tables: Tables = {table.name: {} for table in TABLES}
    names, addresses, cities = people(random, split, 12), part(ADDRESSES, split), part(CITIES, split)

    def phone() -> str:
        return f"+351 {random.randint(200, 299)} {random.randint(100, 999)} {random.randint(100, 999)}"

    for key, (name, email) in zip(ids(random, "C-", 6), names[:6], strict=True):
        tables["customers"][key] = dict(
            customer_id=key, name=name, email=email, phone=phone(), address=random.choice(addresses),
            tier=random.choice(TIERS), credit=random.randrange(0, 50, 5),
        )  # fmt: skip
    for key, (name, email) in zip(ids(random, "S-", 3, 100, 999), names[6:9], strict=True):
        tables["suppliers"][key] = dict(supplier_id=key, name=name, email=email, city=random.choice(cities))
    for key, name in zip(ids(random, "K-", 3, 10, 99), random.sample(LAST, 3), strict=True):
        tables["carriers"][key] = dict(carrier_id=key, name=f"{name} Logistics", phone=phone(), days=random.randint(1, 9))
    titles = random.sample(part(TITLES, split), 3)
    for place, key in enumerate(ids(random, "P-", 12)):
        category = CATEGORIES[place % 4]
        tables["products"][key] = dict(
            product_id=key, name=f"{titles[place // 4]} {category[:-1]}", category=category,
            supplier_id=random.choice(list(tables["suppliers"])), price=random.randint(500, 20000) / 100,
            stock=random.randint(0, 40), rating=random.randint(10, 50) / 10,
        )  # fmt: skip
    counts = [random.randint(2, 5) for _ in range(6)]
    numbers, tracks = ids(random, "O-", sum(counts)), ids(random, "TR", sum(counts), 100000, 999999)
    for customer, count in zip(tables["customers"].values(), counts, strict=True):
        for _ in range(count):
            key, product, many = numbers.pop(), random.choice(list(tables["products"].values())), random.randint(1, 4)
            tables["orders"][key] = dict(
                order_id=key, customer_id=customer["customer_id"], product_id=product["product_id"], quantity=many,
                total=round(product["price"] * many, 2), status=random.choice(STATUSES), placed_on=date(random),
                address=customer["address"], carrier_id=random.choice(list(tables["carriers"])), tracking_number=tracks.pop(),
                delivery=random.choice(SPEEDS),
            )  # fmt: skip
    counts = [random.randint(1, 4) for _ in range(6)]
    numbers = ids(random, "T-", sum(counts))
    for customer, count in zip(tables["customers"].values(), counts, strict=True):
        for subject in random.sample(SUBJECTS, count):
            key = numbers.pop()
            tables["tickets"][key] = dict(
                ticket_id=key, customer_id=customer["customer_id"], subject=subject, priority=random.choice(PRIORITIES),
                status=random.choice(("open", "closed")), opened_on=date(random),
            )  # fmt: skip
    return tables


TABLES = [customers, suppliers, products, carriers, orders, tickets, returns, wishes, mails]


PROCEDURES = [
    Procedure(
        "unwanted order",
        "An order that is not wanted any more is cancelled where it is pending, else returned; the reason is no longer needed.",
        "get_order",
        "status",
        "==",
        "pending",
        ("cancel_order", dict(order_id="$it", reason="no longer needed")),
        ("return_order", dict(order_id="$it", reason="no longer needed")),
        ("deal with {it}, which is not wanted any more", "do what our rules say of an unwanted order about {it}"),
    ),
    Procedure(
        "complaint",
        "A customer who complains gets a credit of 40 euros where the tier is gold, else a ticket on the subject complaint.",
        "get_customer",
        "tier",
        "==",
        "gold",
        ("give_credit", dict(customer_id="$it", amount=40)),
        ("open_ticket", dict(customer_id="$it", subject="complaint")),
        ("handle the complaint of {it}", "do what our rules say of complaints for {it}"),
    ),
]


def make() -> Domain:
    """The domain."""
    policy = (
        "You work at the service desk of a shop. Only pending orders can be changed or cancelled, only delivered ones returned."
    )
    return domain("retail", KINDS, TABLES, FUNCTIONS, build, policy, "The service desk is open. Today is 2026-06-01.", PROCEDURES)
