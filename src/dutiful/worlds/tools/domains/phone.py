"""phone: the apps of a phone: contacts, messages, photos, notes, reminders, music, alarms, apps and a wallet."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Domain, Procedure, Row, State, Tables, ToolError, domain, table
from dutiful.worlds.tools.making import change, create, listing, read, remove
from dutiful.worlds.tools.values import CITIES, LAST, choice, date, named, number, part, people, serial, shown, text, words

ALBUMS = words("Holidays,Garden,Family,Work trips,Old house,Birthdays,Snow,Concerts,Recipes,Pets", ",")
FOLDERS, LISTS, SWITCH = ("ideas", "work", "private"), ("home", "errands", "office"), ("on", "off")
TEXTS = words(
    "see you at eight,can you call me,I am running late,happy birthday,the keys are inside,dinner on Friday,thanks for the photo,"
    "did you get home,we won the match,the train is full,bring the tent,sleep well",
    ",",
)
TITLES = words(
    "paint the fence,book list,gift ideas,garden plan,packing list,song lyrics,car papers,meter reading,bread recipe,"
    "party guests,film list,chess openings",
    ",",
)
JOBS = words(
    "buy stamps,water the plants,pay the rent,call the plumber,return the books,renew the pass,collect the suit,feed the cat,"
    "print the forms,wash the car,order ink,post the letter",
    ",",
)
SONGS = words(
    "Amber Bridge Comet Dawn Ember Falcon Glass Harvest Island Jasmine Kingdom Lantern Meadow North Ocean Prairie Quartz River "
    "Silver Thunder"
)
LISTENING = words("Running,Evening,Drive,Focus,Kitchen,Party,Sunday,Classics,Rain,Travel", ",")
APPS = words("Mapper Notely Snapit Chess Banker Recipes Fitlog Radio Weather Scanner Tuner Ledger Birding Stars Translate")

KINDS = {
    "contact_id": named("contacts", "contact_id", "contact {}", "contact"),
    "message_id": named("messages", "message_id", "message {}", "message"),
    "photo_id": named("photos", "photo_id", "photo {}", "photo"),
    "album_id": named("albums", "album_id", "album {}", "album"),
    "note_id": named("notes", "note_id", "note {}", "note"),
    "reminder_id": named("reminders", "reminder_id", "reminder {}", "reminder"),
    "song_id": named("songs", "song_id", "song {}", "song"),
    "playlist_id": named("playlists", "playlist_id", "playlist {}", "playlist"),
    "alarm_id": named("alarms", "alarm_id", "alarm {}", "alarm"),
    "app_id": named("apps", "app_id", "app {}", "app"),
    "account_id": named("accounts", "account_id", "account {}", "account"),
    "entry_id": shown(ask=False),
    "share_id": shown(ask=False),
    "payment_id": shown(ask=False),
    "call_id": shown(ask=False),
    "person": named("contacts", "name", "the name {}", "name", ask=True),
    "number": named("contacts", "phone", "the number {}", "phone number", ask=True),
    "album_name": named("albums", "name", 'the name "{}"', "name", ask=True),
    "song_title": named("songs", "title", 'the title "{}"', "title", ask=True),
    "artist": named("songs", "artist", "{}", ask=True),
    "playlist_name": named("playlists", "name", 'the name "{}"', "name", ask=True),
    "app_name": named("apps", "name", 'the name "{}"', "name", ask=True),
    "account_name": shown(label="name"),
    "city": shown(),
    "birthday": shown(),
    "said": text(TEXTS, label="text", ask=True, link=False),
    "title": text(TITLES, ask=True, link=False),
    "job": text(JOBS, label="title", ask=True, link=False),
    "folder": choice(FOLDERS, 'the folder "{}"', ask=True, link=True),
    "list": choice(LISTS, 'the list "{}"', ask=True, link=True),
    "switch": choice(SWITCH, ask=True, label="state"),
    "seen": choice(("read", "unread"), ask=True, label="state"),
    "done": choice(("done", "open"), ask=True, label="state"),
    "hour": number(5, 23, 1, "{} o'clock", ask=True, order=("earliest", "latest")),
    "amount": number(5, 50, 5, "{} euros"),
    "money": shown("number", label="balance", order=("", "")),
    "day": shown(label="date", order=("oldest", "latest")),
    "size": shown("number", label="size in megabytes", order=("smallest", "largest")),
    "length": shown("integer", label="length in seconds", order=("shortest", "longest")),
    "plays": shown("integer", label="number of plays", order=("", "")),
}

contacts = table("contacts", "contact", "contact_id", "CO-", "contact_id name:person phone:number city birthday favourite:switch")
messages = table("messages", "message", "message_id", "ME-", "message_id contact_id text:said day state:seen")
photos = table("photos", "photo", "photo_id", "PH-", "photo_id album_id contact_id city day size")
albums = table("albums", "album", "album_id", "AB-", "album_id name:album_name")
notes = table("notes", "note", "note_id", "NO-", "note_id title folder day")
reminders = table("reminders", "reminder", "reminder_id", "RM-", "reminder_id job list state:done")
songs = table("songs", "song", "song_id", "SO-", "song_id title:song_title artist length plays")
playlists = table("playlists", "playlist", "playlist_id", "PL-", "playlist_id name:playlist_name contact_id")
entries = table("entries", "entry", "entry_id", "EN-", "entry_id playlist_id song_id")
alarms = table("alarms", "alarm", "alarm_id", "AR-", "alarm_id hour state:switch")
apps = table("apps", "app", "app_id", "AP-", "app_id name:app_name size notifications:switch")
accounts = table("accounts", "account", "account_id", "AC-", "account_id name:account_name balance:money")
payments = table("payments", "payment", "payment_id", "PA-", "payment_id account_id contact_id amount")
shares = table("shares", "share", "share_id", "SH-", "share_id photo_id contact_id")
calls = table("calls", "call", "call_id", "CA-", "call_id contact_id")
TABLES = [
    contacts,
    messages,
    photos,
    albums,
    notes,
    reminders,
    songs,
    playlists,
    entries,
    alarms,
    apps,
    accounts,
    payments,
    shares,
    calls,
]


def known(*pairs: tuple[str, str]):
    """A check that records exist: (table, parameter)."""

    def check(state: State, given: Json) -> None:
        for name, parameter in pairs:
            state.get(name, given[parameter])

    return check


def can_pay(state: State, given: Json) -> None:
    state.get("contacts", given["contact_id"])
    account = state.get("accounts", given["account_id"])
    if not 0 < given["amount"] <= account["balance"]:
        raise ToolError(402, f"account {given['account_id']} cannot pay {given['amount']}: its balance is {account['balance']}")


def pay(state: State, given: Json, row: Row) -> None:
    balance = state.get("accounts", row["account_id"])["balance"]
    state.set("accounts", row["account_id"], balance=round(balance - row["amount"], 2))


def not_yet_in(state: State, given: Json) -> None:
    state.get("playlists", given["playlist_id"])
    state.get("songs", given["song_id"])
    if state.find("entries", playlist_id=given["playlist_id"], song_id=given["song_id"]):
        raise ToolError(409, f"song {given['song_id']} is on playlist {given['playlist_id']} already")


def one_more(state: State, given: Json, row: Row) -> int:
    return row["plays"] + 1


FUNCTIONS = [
    read("find_contact", "Looks a contact up by name.", contacts, "name", "contact_id phone city favourite",
         "the contact with {name}"),
    read("find_contact_by_number", "Looks a contact up by phone number.", contacts, "phone", "contact_id name city birthday",
         "the contact with {phone}"),
    read("get_contact", "Shows a contact.", contacts, "contact_id", "contact_id name phone city birthday favourite",
         "{contact_id}"),
    listing("list_messages", "Lists the messages from a contact.", messages, "contact_id", "message_id text day state",
            "message from {contact_id}", "messages from {contact_id}"),
    read("get_message", "Shows a message.", messages, "message_id", "message_id contact_id text day state", "{message_id}"),
    listing("list_photos_of", "Lists the photos that show a contact.", photos, "contact_id", "photo_id album_id city day size",
            "photo of {contact_id}", "photos of {contact_id}"),
    listing("list_album", "Lists the photos of an album.", photos, "album_id", "photo_id contact_id city day size",
            "photo in {album_id}", "photos in {album_id}"),
    read("get_photo", "Shows a photo: album, who is on it, where and when.", photos, "photo_id",
         "photo_id album_id contact_id city day size", "{photo_id}"),
    read("find_album", "Looks an album up by its name.", albums, "name", "album_id", "the album with {name}"),
    listing("list_notes", "Lists the notes of a folder.", notes, "folder", "note_id title day", "note in {folder}",
            "notes in {folder}"),
    read("get_note", "Shows a note.", notes, "note_id", "note_id title folder day", "{note_id}"),
    listing("list_reminders", "Lists the reminders of a list.", reminders, "list", "reminder_id job state",
            "reminder on {list}", "reminders on {list}"),
    read("get_reminder", "Shows a reminder.", reminders, "reminder_id", "reminder_id job list state", "{reminder_id}"),
    listing("list_songs_by", "Lists the songs of an artist.", songs, "artist", "song_id title length plays", "song by {artist}",
            "songs by {artist}"),
    read("find_song", "Looks a song up by its title.", songs, "title", "song_id artist length plays", "the song with {title}"),
    read("get_song", "Shows a song.", songs, "song_id", "song_id title artist length plays", "{song_id}"),
    read("find_playlist", "Looks a playlist up by its name.", playlists, "name", "playlist_id contact_id",
         "the playlist with {name}"),
    listing("list_playlist", "Lists what is on a playlist.", entries, "playlist_id", "entry_id song_id",
            "entry of {playlist_id}", "entries of {playlist_id}"),
    listing("list_playlists_from", "Lists the playlists that a contact shared.", playlists, "contact_id", "playlist_id name",
            "playlist shared by {contact_id}", "playlists shared by {contact_id}"),
    listing("list_alarms", "Lists the alarms.", alarms, "", "alarm_id hour state", "alarm", "alarms"),
    listing("list_apps", "Lists the apps that are installed.", apps, "", "app_id name size notifications",
            "app on the phone", "apps on the phone"),
    read("find_app", "Looks an app up by its name.", apps, "name", "app_id size notifications", "the app with {name}"),
    listing("list_accounts", "Lists the accounts of the wallet.", accounts, "", "account_id name balance",
            "account in the wallet", "accounts in the wallet"),
    create("send_message", "Sends a text message to a contact.", messages, "contact_id text:said",
           dict(contact_id="$contact_id", text="$text", day="2026-06-01", state="read"), check=known(("contacts", "contact_id")),
           do=("send {contact_id} the message {text}", "text {text} to {contact_id}"),
           hint=("let {contact_id} have word: {text}",)),
    create("call_contact", "Calls a contact.", calls, "contact_id", dict(contact_id="$contact_id"), check=known(("contacts",
           "contact_id")),
           do=("call {contact_id}", "ring {contact_id}"), hint=("I must talk to {contact_id}",)),
    change("mark_message", "Marks a message as read or unread.", messages, "message_id state:seen", dict(state="$state"),
           do=("mark {message_id} as {state}", "set {message_id} to {state}"), hint=("{message_id} should count as {state}",)),
    remove("delete_message", "Deletes a message.", messages, do=("delete {message_id}", "erase {message_id}"),
           hint=("I do not want to keep {message_id}",)),
    change("set_favourite", "Adds a contact to the favourites, or takes it off.", contacts, "contact_id state:switch",
           dict(favourite="$state"),
           do=("turn the favourite mark of {contact_id} {state}", "set the favourite switch of {contact_id} to {state}"),
           hint=("the star beside {contact_id} should be {state}",)),
    change("move_photo", "Moves a photo to another album.", photos, "photo_id album_id", dict(album_id="$album_id"),
           do=("move {photo_id} to {album_id}", "put {photo_id} into {album_id}"), hint=("{photo_id} belongs in {album_id}",)),
    create("share_photo", "Shares a photo with a contact.", shares, "photo_id contact_id",
           dict(photo_id="$photo_id", contact_id="$contact_id"), check=known(("photos", "photo_id"), ("contacts", "contact_id")),
           do=("share {photo_id} with {contact_id}", "send {photo_id} to {contact_id}"),
           hint=("{photo_id} is something for {contact_id} to see",)),
    remove("delete_photo", "Deletes a photo.", photos, do=("delete {photo_id}", "erase {photo_id}"),
           hint=("I do not want to keep {photo_id}",)),
    create("create_note", "Creates a note in a folder.", notes, "title folder", dict(title="$title", folder="$folder",
           day="2026-06-01"),
           do=("create a note {title} in {folder}", "start a note called {title} in {folder}"),
           hint=("{title} should be written down in {folder}",)),
    change("move_note", "Moves a note to another folder.", notes, "note_id folder", dict(folder="$folder"),
           do=("move {note_id} to {folder}", "put {note_id} into {folder}"), hint=("{note_id} belongs in {folder}",)),
    create("add_reminder", "Adds a reminder to a list.", reminders, "job list", dict(job="$job", list="$list", state="open"),
           do=("add the reminder {job} to {list}", "put {job} on {list}"), hint=("I must not forget to {job}, on {list}",)),
    change("complete_reminder", "Marks a reminder as done.", reminders, "reminder_id", dict(state="done"),
           only=(("state", ("open",), "only an open reminder can be completed"),),
           do=("complete {reminder_id}", "tick {reminder_id} off"), hint=("I have seen to {reminder_id}",)),
    create("add_to_playlist", "Puts a song on a playlist.", entries, "playlist_id song_id",
           dict(playlist_id="$playlist_id", song_id="$song_id"), check=not_yet_in,
           do=("add {song_id} to {playlist_id}", "put {song_id} on {playlist_id}"),
           hint=("{song_id} is missing from {playlist_id}",)),
    change("play_song", "Plays a song.", songs, "song_id", dict(plays=one_more), do=("play {song_id}", "start {song_id}"),
           hint=("I would like to hear {song_id}",)),
    create("add_alarm", "Adds an alarm.", alarms, "hour", dict(hour="$hour", state="on"), do=("set an alarm for {hour}",
           "add an alarm at {hour}"),
           hint=("wake me at {hour}",)),
    change("switch_alarm", "Turns an alarm on or off.", alarms, "alarm_id state:switch", dict(state="$state"),
           do=("turn {alarm_id} {state}", "switch {alarm_id} {state}"), hint=("{alarm_id} should be {state}",)),
    change("set_notifications", "Turns the notifications of an app on or off.", apps, "app_id state:switch",
           dict(notifications="$state"),
           do=("turn the notifications of {app_id} {state}", "switch the notifications of {app_id} {state}"),
           hint=("I want the notifications of {app_id} to be {state}",)),
    remove("uninstall_app", "Uninstalls an app.", apps, do=("uninstall {app_id}", "remove {app_id} from the phone"),
           hint=("I have no more use for {app_id}",)),
    create("send_money", "Pays a contact from an account.", payments, "account_id contact_id amount",
           dict(account_id="$account_id", contact_id="$contact_id", amount="$amount"), check=can_pay, then=pay,
           do=("pay {contact_id} {amount} from {account_id}", "send {amount} to {contact_id} out of {account_id}"),
           hint=("I owe {contact_id} {amount}, and {account_id} should cover it",)),
]  # fmt: skip


def build(random: Random, split: str) -> Tables:
    """6 contacts with 2 to 4 messages and photos each; albums, playlists, songs, notes, reminders, alarms, apps, accounts."""
    tables: Tables = {table.name: {} for table in TABLES}
    keys = {t.name: t.key for t in TABLES}
    keyed = {t.name: serial(random, t.prefix) for t in TABLES}
    cities, pick = part(CITIES, split), random.choice

    def add(table: str, /, **row: object) -> None:
        key = next(keyed[table])
        tables[table][key] = {keys[table]: key, **row}

    for name in random.sample(part(ALBUMS, split), 2) + [f"{pick(LAST)} archive"]:
        add("albums", name=name)
    for name, _ in people(random, split, 6):
        phone = f"+49 {random.randint(150, 179)} {random.randint(100000, 999999)}"
        add("contacts", name=name, phone=phone, city=pick(cities), birthday=date(random, month="1990-05"), favourite=pick(SWITCH))
    for contact in tables["contacts"]:
        for said in random.sample(TEXTS, random.randint(2, 4)):
            add("messages", contact_id=contact, text=said, day=date(random), state=pick(("read", "unread")))
        for _ in range(random.randint(2, 4)):
            add("photos", album_id=pick(list(tables["albums"])), contact_id=contact, city=pick(cities), day=date(random),
                size=random.randint(5, 90) / 10)  # fmt: skip
    _fill(tables, add, random, split)
    return tables


def _fill(tables: Tables, add: Callable[..., None], random: Random, split: str) -> None:
    """What does not belong to a contact."""
    pick = random.choice
    for title, job in zip(random.sample(TITLES, 9), random.sample(JOBS, 9), strict=True):
        add("notes", title=title, folder=pick(FOLDERS), day=date(random))
        add("reminders", job=job, list=pick(LISTS), state=pick(("done", "open")))
    artists = [f"The {name}s" for name in random.sample(LAST, 4)]
    titles = [f"{one} {other}" for one in part(SONGS, split) for other in ("Song", "Waltz", "Blues", "March")]
    for place, title in enumerate(random.sample(titles, 12)):
        add("songs", title=title, artist=artists[place % 4], length=random.randint(90, 400), plays=random.randint(0, 200))
    for name in (*random.sample(part(LISTENING, split), 2), f"{pick(LAST)} mix", f"{pick(SONGS)} mix"):
        add("playlists", name=name, contact_id=pick(list(tables["contacts"])[:2]))
    for playlist in tables["playlists"]:
        for song in random.sample(list(tables["songs"]), random.randint(2, 4)):
            add("entries", playlist_id=playlist, song_id=song)
    for hour in random.sample(range(5, 24), 4):
        add("alarms", hour=hour, state=pick(SWITCH))
    for name in random.sample(APPS, 5):
        add("apps", name=name, size=random.randint(10, 900), notifications=pick(SWITCH))
    for name in ("main account", "savings", "travel card"):
        add("accounts", name=name, balance=random.randint(2000, 90000) / 100)


PROCEDURES = [
    Procedure(
        "tidy message",
        "To tidy a message: mark it as read where it is unread, else delete it.",
        "get_message",
        "state",
        "==",
        "unread",
        ("mark_message", dict(message_id="$it", state="read")),
        ("delete_message", dict(message_id="$it")),
        ("tidy {it}", "tidy {it} up, as usual"),
    ),
    Procedure(
        "tidy photo",
        "To tidy a photo: delete it where it is larger than 4 megabytes, else share it with the contact on it.",
        "get_photo",
        "size",
        ">",
        4,
        ("delete_photo", dict(photo_id="$it")),
        ("share_photo", dict(photo_id="$it", contact_id="$contact_id")),
        ("tidy {it}", "tidy {it} up, as usual"),
    ),
]


def make() -> Domain:
    """The domain."""
    policy = "You operate a phone for its owner. A payment must be covered by the account."
    return domain("phone", KINDS, TABLES, FUNCTIONS, build, policy, "The phone is unlocked. Today is 2026-06-01.", PROCEDURES)
