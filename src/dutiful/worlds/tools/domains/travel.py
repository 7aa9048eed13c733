"""travel: flights, hotels, restaurants and sights of a few cities, and the calendars of those who go there."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Domain, Procedure, Row, State, Tables, ToolError, domain, table
from dutiful.worlds.tools.making import change, create, listing, read, remove
from dutiful.worlds.tools.values import CITIES, LAST, choice, date, named, number, part, people, serial, shown, text, words

HOUSES = words("Anchor Bellevue Cedar Delta Elm Fountain Grove Harbour Imperial Jade Kings Lark Mirador Noble Orchard")
SIGHTS = words("Museum,Tower,Garden,Palace,Gallery,Abbey,Aquarium,Castle,Bridge,Theatre", ",")
CUISINES, CLASSES = ("thai", "greek", "vegan", "grill", "seafood"), ("economy", "business")
WEATHERS = ("sunny", "cloudy", "rainy", "windy")
TITLES = words(
    "budget review,dentist,team lunch,site visit,choir practice,tax meeting,parents evening,book club,job interview,yoga class,"
    "board meeting,house viewing,car service,wine tasting,product demo",
    ",",
)
NOTES = words(
    "the trip is booked,please check the dates,we land in the evening,your table is reserved,the meeting has moved,"
    "bring your passport,the tickets are attached,we stay one night more,the hotel has changed,see you there",
    ",",
)
DAYS = tuple(f"2026-07-{day:02d}" for day in range(1, 29))

KINDS = {
    "traveller_id": named("travellers", "traveller_id", "traveller {}", "traveller"),
    "flight_id": named("flights", "flight_id", "flight {}", "flight"),
    "hotel_id": named("hotels", "hotel_id", "hotel {}", "hotel"),
    "stay_id": named("stays", "stay_id", "stay {}", "stay"),
    "booking_id": named("bookings", "booking_id", "booking {}", "booking"),
    "event_id": named("events", "event_id", "event {}", "event"),
    "restaurant_id": named("restaurants", "restaurant_id", "restaurant {}", "restaurant"),
    "sight_id": named("sights", "sight_id", "sight {}", "sight"),
    "airline_id": named("airlines", "airline_id", "airline {}", "airline"),
    "table_id": shown(ask=False),
    "ticket_id": shown(ask=False),
    "guest_id": shown(ask=False),
    "mail_id": shown(ask=False),
    "city": named("cities", "city", "{}", "city", ask=True),
    "person": named("travellers", "name", "the name {}", "name", ask=True),
    "email": named("travellers", "email", "the e-mail {}", "e-mail", ask=True),
    "house": named("hotels", "name", 'the name "{}"', "name", ask=True),
    "name": shown(),
    "title": text(TITLES, ask=True, link=False),
    "message": text(NOTES, link=False),
    "day": text(DAYS, "{}", "date", ask=True, order=("earliest", "latest")),
    "cuisine": choice(CUISINES, ask=True),
    "cabin": choice(CLASSES, ask=True),
    "weather": choice(WEATHERS, ask=True),
    "nights": number(1, 9, 1, "{}", label="number of nights", ask=True, order=("", "")),
    "guests": number(2, 8),
    "money": shown("number", order=("cheapest", "most expensive")),
    "rating": shown("number", order=("worst rated", "best rated")),
    "stars": shown("integer", label="number of stars", order=("", "")),
    "seats": shown("integer", label="number of free seats", order=("", "")),
    "degrees": shown("integer", label="temperature", order=("coldest", "warmest")),
    "minutes": shown("integer", label="duration in minutes", order=("shortest", "longest")),
    "people": shown("integer", label="number of inhabitants", order=("smallest", "largest")),
}

cities = table("cities", "city", "city", "", "city weather temperature:degrees inhabitants:people")
travellers = table("travellers", "traveller", "traveller_id", "TR-", "traveller_id name:person email home:city")
airlines = table("airlines", "airline", "airline_id", "AL-", "airline_id name seat:city rating")
flights = table(
    "flights",
    "flight",
    "flight_id",
    "FL-",
    "flight_id origin:city destination:city departs:day price:money seats minutes airline_id",
)
hotels = table("hotels", "hotel", "hotel_id", "HO-", "hotel_id name:house city price:money stars rating")
bookings = table("bookings", "booking", "booking_id", "BK-", "booking_id traveller_id flight_id cabin")
stays = table("stays", "stay", "stay_id", "ST-", "stay_id traveller_id hotel_id nights")
events = table("events", "event", "event_id", "EV-", "event_id traveller_id title day city minutes")
restaurants = table("restaurants", "restaurant", "restaurant_id", "RE-", "restaurant_id name city cuisine price:money rating")
sights = table("sights", "sight", "sight_id", "SI-", "sight_id name city price:money rating")
reserved = table("reserved", "reservation", "table_id", "TB-", "table_id restaurant_id traveller_id guests")
tickets = table("tickets", "ticket", "ticket_id", "TK-", "ticket_id sight_id traveller_id")
invited = table("invited", "invitation", "guest_id", "IN-", "guest_id event_id traveller_id")
mails = table("mails", "mail", "mail_id", "M-", "mail_id email message")
TABLES = [
    cities,
    travellers,
    airlines,
    flights,
    hotels,
    bookings,
    stays,
    events,
    restaurants,
    sights,
    reserved,
    tickets,
    invited,
    mails,
]


def known(*pairs: tuple[str, str]):
    """A check that records exist: (table, parameter)."""

    def check(state: State, given: Json) -> None:
        for name, parameter in pairs:
            state.get(name, given[parameter])

    return check


def seat_free(state: State, given: Json) -> None:
    state.get("travellers", given["traveller_id"])
    if not state.get("flights", given["flight_id"])["seats"]:
        raise ToolError(409, f"flight {given['flight_id']} is full")


def take_seat(state: State, given: Json, row: Row) -> None:
    state.set("flights", row["flight_id"], seats=state.get("flights", row["flight_id"])["seats"] - 1)


def own_calendar(state: State, given: Json) -> None:
    state.get("travellers", given["traveller_id"])
    if state.get("events", given["event_id"])["traveller_id"] == given["traveller_id"]:
        raise ToolError(409, f"the event {given['event_id']} is that traveller's own")


FLIGHT = "flight_id origin destination departs price seats minutes airline_id"

FUNCTIONS = [
    read("find_traveller", "Looks a traveller up by name.", travellers, "name", "traveller_id email home",
         "the traveller with {name}"),
    read("find_traveller_by_email", "Looks a traveller up by e-mail address.", travellers, "email", "traveller_id name home",
         "the traveller with {email}"),
    read("get_traveller", "Shows a traveller.", travellers, "traveller_id", "traveller_id name email home", "{traveller_id}"),
    read("get_city", "Shows a city and its weather.", cities, "city", "city weather temperature inhabitants", "{city}"),
    listing("search_flights", "Lists the flights from one city to another.", flights, "origin destination",
            "flight_id departs price seats minutes", "flight from {origin} to {destination}",
            "flights from {origin} to {destination}"),
    listing("list_departures", "Lists all flights out of a city.", flights, "origin",
            "flight_id destination departs price seats minutes", "flight out of {origin}", "flights out of {origin}"),
    listing("list_arrivals", "Lists all flights into a city.", flights, "destination",
            "flight_id origin departs price seats minutes",
            "flight into {destination}", "flights into {destination}"),
    read("get_flight", "Shows a flight.", flights, "flight_id", FLIGHT, "{flight_id}"),
    read("get_airline", "Shows an airline.", airlines, "airline_id", "airline_id name seat rating", "{airline_id}"),
    listing("search_hotels", "Lists the hotels of a city.", hotels, "city", "hotel_id name price stars rating",
            "hotel in {city}", "hotels in {city}"),
    read("get_hotel", "Shows a hotel.", hotels, "hotel_id", "hotel_id name city price stars rating", "{hotel_id}"),
    read("find_hotel", "Looks a hotel up by its name.", hotels, "name", "hotel_id city price stars", "the hotel with {name}"),
    listing("search_restaurants", "Lists the restaurants of a city.", restaurants, "city",
            "restaurant_id name cuisine price rating", "restaurant in {city}", "restaurants in {city}"),
    read("get_restaurant", "Shows a restaurant.", restaurants, "restaurant_id", "restaurant_id name city cuisine price rating",
         "{restaurant_id}"),
    listing("list_sights", "Lists the sights of a city.", sights, "city", "sight_id name price rating", "sight in {city}",
            "sights in {city}"),
    read("get_sight", "Shows a sight.", sights, "sight_id", "sight_id name city price rating", "{sight_id}"),
    listing("list_events", "Lists what is in a traveller's calendar.", events, "traveller_id", "event_id title day city minutes",
            "event of {traveller_id}", "events of {traveller_id}"),
    read("get_event", "Shows an event.", events, "event_id", "event_id traveller_id title day city minutes", "{event_id}"),
    listing("list_bookings", "Lists a traveller's booked flights.", bookings, "traveller_id", "booking_id flight_id cabin",
            "booking of {traveller_id}", "bookings of {traveller_id}"),
    listing("list_stays", "Lists a traveller's booked hotels.", stays, "traveller_id", "stay_id hotel_id nights",
            "stay of {traveller_id}", "stays of {traveller_id}"),
    create("book_flight", "Books a seat on a flight.", bookings, "traveller_id flight_id cabin",
           dict(traveller_id="$traveller_id", flight_id="$flight_id", cabin="$cabin"), check=seat_free, then=take_seat,
           optional=dict(cabin="economy"),
           do=("book {flight_id} for {traveller_id}[ in {cabin} class]",
           "reserve a[ {cabin}] seat on {flight_id} for {traveller_id}"),
           hint=("{flight_id} is what {traveller_id} wants to take[, in {cabin} class]",)),
    change("change_cabin", "Moves a booking to another class.", bookings, "booking_id cabin", dict(cabin="$cabin"),
           do=("move {booking_id} to {cabin} class", "change the cabin of {booking_id} to {cabin}"),
           hint=("{cabin} class would be right for {booking_id}",)),
    remove("cancel_booking", "Cancels a booked flight.", bookings, do=("cancel {booking_id}", "call off {booking_id}"),
           hint=("nobody will take the flight of {booking_id}",)),
    create("book_hotel", "Books a room for some nights.", stays, "traveller_id hotel_id nights",
           dict(traveller_id="$traveller_id", hotel_id="$hotel_id", nights="$nights"),
           check=known(("travellers", "traveller_id"), ("hotels", "hotel_id")), optional=dict(nights=1),
           do=("book {hotel_id} for {traveller_id}[, number of nights: {nights}]",
               "reserve a room at {hotel_id} for {traveller_id}[ (nights: {nights})]"),
           hint=("{hotel_id} is where {traveller_id} would sleep[ (nights: {nights})]",)),
    change("change_stay", "Changes the number of nights of a stay.", stays, "stay_id nights", dict(nights="$nights"),
           do=("change the number of nights of {stay_id} to {nights}", "set {stay_id} to a length in nights of {nights}"),
           hint=("for {stay_id}, the right number of nights is {nights}",)),
    remove("cancel_stay", "Cancels a booked hotel.", stays, do=("cancel {stay_id}", "call off {stay_id}"),
           hint=("nobody will sleep there: {stay_id}",)),
    create("reserve_table", "Reserves a table at a restaurant.", reserved, "restaurant_id traveller_id guests",
           dict(restaurant_id="$restaurant_id", traveller_id="$traveller_id", guests="$guests"),
           check=known(("restaurants", "restaurant_id"), ("travellers", "traveller_id")),
           do=("reserve a table for {guests} at {restaurant_id} in the name of {traveller_id}",
               "get {traveller_id} a table for {guests} at {restaurant_id}"),
           hint=("a party of {guests} with {traveller_id} would eat at {restaurant_id}",)),
    create("buy_ticket", "Buys a ticket for a sight.", tickets, "sight_id traveller_id",
           dict(sight_id="$sight_id", traveller_id="$traveller_id"),
           check=known(("sights", "sight_id"), ("travellers", "traveller_id")),
           do=("buy a ticket to {sight_id} for {traveller_id}", "get {traveller_id} a ticket to {sight_id}"),
           hint=("{sight_id} is what {traveller_id} wants to visit",)),
    create("create_event", "Puts an event into a traveller's calendar.", events, "traveller_id title day city",
           dict(traveller_id="$traveller_id", title="$title", day="$day", city="$city", minutes=60),
           check=known(("travellers", "traveller_id"), ("cities", "city")),
           do=("put {title} on {day} in {city} into the calendar of {traveller_id}",
               "create an event {title} for {traveller_id} on {day} in {city}"),
           hint=("{title} is on {day} in {city}, and the calendar of {traveller_id} should show it",)),
    change("move_event", "Moves an event to another day.", events, "event_id day", dict(day="$day"),
           do=("move {event_id} to {day}", "put {event_id} off to {day}"), hint=("{day} would suit better for {event_id}",)),
    change("relocate_event", "Moves an event to another city.", events, "event_id city", dict(city="$city"),
           do=("move {event_id} to {city}", "have {event_id} take place in {city}"),
           hint=("{city} would be the place for {event_id}",)),
    remove("delete_event", "Takes an event off the calendar.", events, do=("delete {event_id}",
           "take {event_id} off the calendar"),
           hint=("nothing will come of {event_id}",)),
    create("invite", "Invites another traveller to an event.", invited, "event_id traveller_id",
           dict(event_id="$event_id", traveller_id="$traveller_id"), check=own_calendar,
           do=("invite {traveller_id} to {event_id}", "send {traveller_id} an invitation to {event_id}"),
           hint=("it would be good to have {traveller_id} at {event_id}",)),
    change("set_home", "Changes the home city of a traveller.", travellers, "traveller_id city", dict(home="$city"),
           do=("set the home of {traveller_id} to {city}", "change the home city of {traveller_id} to {city}"),
           hint=("the home of {traveller_id} is now in {city}",)),
    create("send_email", "Sends an e-mail.", mails, "email message", dict(email="$email", message="$message"),
           do=("write to {email} with the message {message}", "send a message to {email}: {message}"),
           hint=("whoever reads {email} should know: {message}",)),
]  # fmt: skip


def build(random: Random, split: str) -> Tables:
    """5 cities with 3 or 4 hotels, restaurants and sights each, 24 flights of 3 airlines, 5 travellers with calendars."""
    tables: Tables = {table.name: {} for table in TABLES}
    keys = {t.name: t.key for t in TABLES}
    keyed = {t.name: serial(random, t.prefix) for t in TABLES if t.prefix}
    places = random.sample(part(CITIES, split), 5)
    houses = [
        f"{house} {kind}"
        for house in part(HOUSES, split)
        for kind in ("Inn", "Lodge", "House", "Rooms", "Palace", "Court", "Suites")
    ]
    random.shuffle(houses)

    def add(table: str, /, **row: object) -> None:
        key = next(keyed[table])
        tables[table][key] = {keys[table]: key, **row}

    for city in places:
        _settle(tables, add, random, city, houses)
    for name in random.sample(LAST, 3):
        add("airlines", name=f"Air {name}", seat=random.choice(places), rating=random.randint(10, 50) / 10)
    for origin in places:
        for destination in places:
            for _ in range(random.randint(1, 2) if origin != destination else 0):
                add("flights", origin=origin, destination=destination, departs=random.choice(DAYS), price=_price(random, 30, 600),
                    seats=random.randint(0, 30), minutes=random.randint(50, 400),
                    airline_id=random.choice(list(tables["airlines"])))  # fmt: skip
    for name, email in people(random, split, 5):
        add("travellers", name=name, email=email, home=random.choice(places))
    for traveller in tables["travellers"]:
        for title in random.sample(TITLES, random.randint(2, 4)):
            add("events", traveller_id=traveller, title=title, day=date(random, month="2026-07"), city=random.choice(places),
                minutes=random.randrange(30, 181, 15))  # fmt: skip
        for flight in random.sample(list(tables["flights"]), random.randint(1, 3)):
            add("bookings", traveller_id=traveller, flight_id=flight, cabin=random.choice(CLASSES))
        for hotel in random.sample(list(tables["hotels"]), random.randint(1, 3)):
            add("stays", traveller_id=traveller, hotel_id=hotel, nights=random.randint(1, 9))
    return tables


def _price(random: Random, low: int, high: int) -> float:
    return random.randint(low * 100, high * 100) / 100


def _settle(tables: Tables, add: Callable[..., None], random: Random, city: str, houses: list[str]) -> None:
    """A city with its weather, hotels, restaurants and sights."""
    tables["cities"][city] = dict(
        city=city,
        weather=random.choice(WEATHERS),
        temperature=random.randint(-5, 35),
        inhabitants=random.randint(80, 3000) * 1000,
    )
    for _ in range(random.randint(3, 4)):
        add(
            "hotels",
            name=houses.pop(),
            city=city,
            price=_price(random, 40, 300),
            stars=random.randint(1, 5),
            rating=_price(random, 1, 5),
        )
    for _ in range(random.randint(3, 4)):
        add("restaurants", name=f"Chez {random.choice(LAST)}", city=city, cuisine=random.choice(CUISINES), price=_price(random,
            8, 90),
            rating=random.randint(10, 50) / 10)  # fmt: skip
    for sight in random.sample(SIGHTS, 3):
        add("sights", name=f"{city} {sight}", city=city, price=_price(random, 2, 30), rating=random.randint(10, 50) / 10)


PROCEDURES = [
    Procedure(
        "clash",
        "An event that clashes with a trip is moved to 2026-07-30 where it takes more than 90 minutes, else deleted.",
        "get_event",
        "minutes",
        ">",
        90,
        ("move_event", dict(event_id="$it", day="2026-07-30")),
        ("delete_event", dict(event_id="$it")),
        ("resolve the clash of {it} with a trip", "follow the rules on clashes for {it}"),
    ),
]


def make() -> Domain:
    """The domain."""
    policy = "You plan trips and keep calendars. A full flight cannot be booked."
    return domain("travel", KINDS, TABLES, FUNCTIONS, build, policy, "The travel desk is open. Today is 2026-06-20.", PROCEDURES)
