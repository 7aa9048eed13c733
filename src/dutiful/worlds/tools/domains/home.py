"""home: a house whose lights, blinds, heating, doors, speakers, appliances and cameras take orders."""

from __future__ import annotations

from random import Random

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Domain, Procedure, Row, State, Tables, ToolError, domain, table
from dutiful.worlds.tools.making import change, create, listing, read, remove
from dutiful.worlds.tools.values import choice, named, number, part, people, serial, shown, text, words

ROOMS = words("kitchen,living room,bedroom,bathroom,office,hall,nursery,garage", ",")
FLOORS, POWER, MODES = ("ground floor", "upper floor"), ("on", "off"), ("heat", "cool", "idle")
SHAPES = words("Globe Arc Reed Cone Disc Beam Spiral Drop Candle Ring Tube Star Shell Cube Bell")
PLAYLISTS = words(
    "Morning Jazz,Deep Focus,Kitchen Hits,Rainy Day,Slow Strings,Old Tangos,Sunday Choir,Garden Birds,Night Piano,Road Songs",
    ",",
)
NOTICES = words(
    "dinner is ready,please come down,the parcel is here,the taxi waits,the washing is done,the window is open,"
    "the cat is outside,the plants need water,a visitor is at the door,the lights were left on",
    ",",
)
APPLIANCES = ("oven", "dishwasher", "washing machine", "dryer", "kettle", "vacuum")

KINDS = {
    "room": named("rooms", "room", "the {}", "room", ask=True),
    "floor": choice(FLOORS, "the {}", ask=True, link=True),
    "light_id": named("lights", "light_id", "light {}", "light"),
    "blind_id": named("blinds", "blind_id", "blind {}", "blind"),
    "thermostat_id": named("thermostats", "thermostat_id", "thermostat {}", "thermostat"),
    "lock_id": named("locks", "lock_id", "lock {}", "lock"),
    "speaker_id": named("speakers", "speaker_id", "speaker {}", "speaker"),
    "appliance_id": named("appliances", "appliance_id", "appliance {}", "appliance"),
    "camera_id": named("cameras", "camera_id", "camera {}", "camera"),
    "member_id": named("members", "member_id", "member {}", "member"),
    "timer_id": named("timers", "timer_id", "timer {}", "timer"),
    "notice_id": shown(ask=False),
    "light_name": named("lights", "name", 'the name "{}"', "name", ask=True),
    "person": named("members", "name", "the name {}", "name", ask=True),
    "playlist": text(PLAYLISTS, ask=True, link=True),
    "notice": text(NOTICES, link=False),
    "power": choice(POWER, label="power", ask=True),
    "switch": choice(POWER, label="recording", ask=True),
    "mode": choice(MODES, ask=True),
    "door_state": choice(("locked", "unlocked"), label="state", ask=True),
    "run_state": choice(("idle", "running", "faulty"), label="status", ask=True),
    "role": choice(("adult", "child", "guest"), ask=True),
    "appliance_kind": choice(APPLIANCES, ask=True, label="kind"),
    "brightness": number(10, 100, 10, "{} percent", ask=True, order=("darkest", "brightest")),
    "position": number(0, 100, 10, "{} percent", ask=True, order=("", "")),
    "volume": number(5, 95, 5, "{} percent", ask=True, order=("quietest", "loudest")),
    "target": number(16, 25, 1, "{} degrees", label="target temperature", ask=True, order=("", "")),
    "minutes": number(5, 60, 5, "{} minutes", ask=True, order=("shortest", "longest")),
    "temperature": shown("number", order=("coldest", "warmest")),
    "humidity": shown("integer", order=("driest", "dampest")),
    "area": shown("integer", order=("smallest", "largest")),
    "watts": shown("integer", label="power use in watts", order=("", "")),
    "battery": shown("integer", label="battery level", order=("", "")),
    "energy": shown("number", label="energy used today", order=("", "")),
}

rooms = table("rooms", "room", "room", "", "room floor area temperature humidity")
lights = table("lights", "light", "light_id", "L-", "light_id name:light_name room power brightness watts")
blinds = table("blinds", "blind", "blind_id", "B-", "blind_id room position battery")
thermostats = table("thermostats", "thermostat", "thermostat_id", "H-", "thermostat_id room target mode")
locks = table("locks", "lock", "lock_id", "D-", "lock_id room state:door_state battery")
speakers = table("speakers", "speaker", "speaker_id", "SP-", "speaker_id room playlist volume power")
appliances = table(
    "appliances", "appliance", "appliance_id", "A-", "appliance_id kind:appliance_kind room status:run_state minutes energy"
)
cameras = table("cameras", "camera", "camera_id", "CAM-", "camera_id room recording:switch battery")
members = table("members", "member", "member_id", "U-", "member_id name:person role bedroom:room favourite:playlist")
timers = table("timers", "timer", "timer_id", "TI-", "timer_id room minutes")
notices = table("notices", "notice", "notice_id", "N-", "notice_id member_id notice")
TABLES = [rooms, lights, blinds, thermostats, locks, speakers, appliances, cameras, members, timers, notices]


def warm(state: State, given: Json, row: Row) -> int:
    if not 12 <= given["target"] <= 26:
        raise ToolError(403, f"{given['target']} degrees needs an administrator; you may set 12 to 26")
    return given["target"]


def percent(name: str):
    """A field that a parameter sets, from 0 to 100."""

    def value(state: State, given: Json, row: Row) -> int:
        if not 0 <= given[name] <= 100:
            raise ToolError(400, f"{name}={given[name]} is no percentage: 0 to 100")
        return given[name]

    return value


def room_known(state: State, given: Json) -> None:
    state.get("rooms", given["room"])


def member_known(state: State, given: Json) -> None:
    state.get("members", given["member_id"])


IDLE = ("status", ("idle",), "only an idle appliance can be started")
RUNNING = ("status", ("running",), "only a running appliance can be stopped")
LIGHT = "light_id name power brightness watts"

FUNCTIONS = [
    listing("list_rooms", "Lists the rooms of a floor.", rooms, "floor", "room area temperature humidity",
            "room on {floor}", "rooms on {floor}"),
    read("get_room", "Shows a room and its climate.", rooms, "room", "room floor area temperature humidity", "{room}"),
    listing("list_lights", "Lists the lights of a room.", lights, "room", LIGHT, "light in {room}", "lights in {room}"),
    read("get_light", "Shows a light.", lights, "light_id", "light_id name room power brightness watts", "{light_id}"),
    read("find_light", "Looks a light up by its name.", lights, "name", "light_id room power brightness",
         "the light with {name}"),
    listing("list_blinds", "Lists the blinds of a room.", blinds, "room", "blind_id position battery",
            "blind in {room}", "blinds in {room}"),
    read("get_thermostat", "Shows the thermostat of a room.", thermostats, "room", "thermostat_id target mode",
         "the thermostat of {room}"),
    listing("list_locks", "Lists the locks of all outer doors.", locks, "", "lock_id room state battery",
            "lock of the house", "locks of the house"),
    read("get_lock", "Shows a lock.", locks, "lock_id", "lock_id room state battery", "{lock_id}"),
    listing("list_speakers", "Lists the speakers of a room.", speakers, "room", "speaker_id playlist volume power",
            "speaker in {room}", "speakers in {room}"),
    read("get_speaker", "Shows a speaker.", speakers, "speaker_id", "speaker_id room playlist volume power", "{speaker_id}"),
    listing("list_appliances", "Lists the appliances of a room.", appliances, "room",
            "appliance_id kind status minutes energy", "appliance in {room}", "appliances in {room}"),
    listing("list_all_appliances", "Lists all appliances with a status.", appliances, "status",
            "appliance_id kind room minutes energy", 'appliance with the status "{status}"',
            'appliances with the status "{status}"'),
    read("get_appliance", "Shows an appliance.", appliances, "appliance_id", "appliance_id kind room status minutes energy",
         "{appliance_id}"),
    listing("list_cameras", "Lists the cameras of the house.", cameras, "", "camera_id room recording battery",
            "camera of the house", "cameras of the house"),
    read("get_camera", "Shows a camera.", cameras, "camera_id", "camera_id room recording battery", "{camera_id}"),
    read("find_member", "Looks a member of the household up by name.", members, "name", "member_id role bedroom favourite",
         "the member with {name}"),
    listing("list_members", "Lists the members of the household with a role.", members, "role",
            "member_id name bedroom favourite", "{role} of the household", "members of the household who are {role}s"),
    change("switch_light", "Turns a light on or off.", lights, "light_id power", dict(power="$power"),
           do=("turn {light_id} {power}", "switch {light_id} {power}"), hint=("I want {light_id} to be {power}",)),
    change("set_brightness", "Sets how bright a light is.", lights, "light_id brightness",
           dict(brightness=percent("brightness"), power="on"),
           do=("set the brightness of {light_id} to {brightness}", "have {light_id} shine at {brightness}"),
           hint=("{brightness} would be right for {light_id}",)),
    change("set_blind", "Moves a blind: 0 is open, 100 is closed.", blinds, "blind_id position",
           dict(position=percent("position")),
           do=("move {blind_id} to {position}", "set the position of {blind_id} to {position}"),
           hint=("I would like {blind_id} at {position}",)),
    change("set_temperature", "Sets the target of a thermostat, 12 to 26 degrees.", thermostats, "thermostat_id target",
           dict(target=warm),
           do=("set {thermostat_id} to {target}", "change the target temperature of {thermostat_id} to {target}"),
           hint=("{target} would be pleasant by {thermostat_id}",)),
    change("set_mode", "Sets the mode of a thermostat.", thermostats, "thermostat_id mode", dict(mode="$mode"),
           do=("put {thermostat_id} into the mode {mode}", "set the mode of {thermostat_id} to {mode}"),
           hint=("the mode {mode} would suit {thermostat_id}",)),
    change("lock_door", "Locks a door.", locks, "lock_id", dict(state="locked"),
           do=("lock {lock_id}", "see that {lock_id} is locked"), hint=("nobody should get in by {lock_id}",)),
    change("unlock_door", "Unlocks a door.", locks, "lock_id", dict(state="unlocked"),
           do=("unlock {lock_id}", "see that {lock_id} is unlocked"), hint=("people should get in by {lock_id}",)),
    change("play_music", "Plays a playlist on a speaker.", speakers, "speaker_id playlist",
           dict(playlist="$playlist", power="on"),
           do=("play {playlist} on {speaker_id}", "have {speaker_id} play {playlist}"),
           hint=("I would like to hear {playlist} from {speaker_id}",)),
    change("set_volume", "Sets the volume of a speaker.", speakers, "speaker_id volume", dict(volume=percent("volume")),
           do=("set the volume of {speaker_id} to {volume}", "turn {speaker_id} to {volume}"),
           hint=("{volume} would be loud enough for {speaker_id}",)),
    change("start_appliance", "Starts an idle appliance for some minutes.", appliances, "appliance_id minutes",
           dict(status="running", minutes="$minutes"), only=(IDLE,),
           do=("start {appliance_id} for {minutes}", "run {appliance_id} for {minutes}"),
           hint=("{minutes} of {appliance_id} would do",)),
    change("stop_appliance", "Stops a running appliance.", appliances, "appliance_id", dict(status="idle", minutes=0),
           only=(RUNNING,), do=("stop {appliance_id}", "halt {appliance_id}"), hint=("we have had enough of {appliance_id}",)),
    change("set_camera", "Turns the recording of a camera on or off.", cameras, "camera_id recording:switch",
           dict(recording="$recording"),
           do=("turn the recording of {camera_id} {recording}", "switch {camera_id} {recording}"),
           hint=("the recording of {camera_id} should be {recording}",)),
    create("set_timer", "Sets a timer that rings in a room.", timers, "room minutes", dict(room="$room", minutes="$minutes"),
           check=room_known, do=("set a timer of {minutes} in {room}", "have a timer ring in {room} after {minutes}"),
           hint=("somebody in {room} wants to be reminded in {minutes}",)),
    remove("cancel_timer", "Cancels a timer.", timers, do=("cancel {timer_id}", "remove {timer_id}"),
           hint=("{timer_id} need not ring",)),
    create("notify_member", "Sends a notice to the phone of a member.", notices, "member_id notice",
           dict(member_id="$member_id", notice="$notice"), check=member_known,
           do=("send {member_id} the notice {notice}", "notify {member_id} that {notice}"),
           hint=("{member_id} should know that {notice}",)),
    change("set_favourite", "Sets the favourite playlist of a member.", members, "member_id playlist",
           dict(favourite="$playlist"),
           do=("set the favourite playlist of {member_id} to {playlist}", "note {playlist} as the favourite of {member_id}"),
           hint=("what {member_id} likes best now is {playlist}",)),
]  # fmt: skip


def build(random: Random, split: str) -> Tables:
    """6 rooms on 2 floors, with 2 to 4 lights and 1 to 3 of the rest each; 4 members; 5 locks; 4 cameras."""
    tables: Tables = {table.name: {} for table in TABLES}
    names = random.sample(ROOMS, 6)
    shapes = [f"{shape} {n}" for shape in part(SHAPES, split) for n in range(1, 21)]
    random.shuffle(shapes)
    playlists = part(PLAYLISTS, split)
    keys = {t.name: t.key for t in TABLES}
    keyed = {prefix: serial(random, prefix, 10, 99) for prefix in ("L-", "B-", "H-", "D-", "SP-", "A-", "CAM-", "U-", "TI-")}

    def add(table: str, prefix: str, /, **row: object) -> None:
        key = next(keyed[prefix])
        tables[table][key] = {keys[table]: key, **row}

    for place, room in enumerate(names):
        tables["rooms"][room] = dict(
            room=room, floor=FLOORS[place % 2], area=random.randint(6, 40), temperature=random.randint(150, 260) / 10,
            humidity=random.randint(30, 80),
        )  # fmt: skip
        for _ in range(random.randint(2, 4)):
            add("lights", "L-", name=f"{shapes.pop()}", room=room, power=random.choice(POWER),
                brightness=random.randrange(10, 101, 10), watts=random.randint(3, 40))  # fmt: skip
        for _ in range(random.randint(1, 3)):
            add("blinds", "B-", room=room, position=random.randrange(0, 101, 10), battery=random.randint(5, 100))
        add("thermostats", "H-", room=room, target=random.randint(16, 25), mode=random.choice(MODES))
        for _ in range(random.randint(1, 2)):
            add("speakers", "SP-", room=room, playlist=random.choice(playlists), volume=random.randrange(5, 96, 5),
                power=random.choice(POWER))  # fmt: skip
        for kind in random.sample(APPLIANCES, random.randint(1, 3)):
            status = random.choice(("idle", "running", "faulty"))
            add("appliances", "A-", kind=kind, room=room, status=status,
                minutes=random.randrange(5, 61, 5) if status == "running" else 0, energy=random.randint(1, 60) / 10)  # fmt: skip
    for room in names[:5]:
        add("locks", "D-", room=room, state=random.choice(("locked", "unlocked")), battery=random.randint(5, 100))
    for room in names[2:]:
        add("cameras", "CAM-", room=room, recording=random.choice(POWER), battery=random.randint(5, 100))
    for (name, _), role in zip(people(random, split, 5), ("adult", "adult", "child", "child", "guest"), strict=True):
        add("members", "U-", name=name, role=role, bedroom=random.choice(names), favourite=random.choice(playlists))
    for room in random.sample(names, 3):
        add("timers", "TI-", room=room, minutes=random.randrange(5, 61, 5))
    return tables


PROCEDURES = [
    Procedure(
        "night",
        "For the night, a thermostat above 19 degrees is set to 18, any other is put into the mode idle.",
        "get_thermostat",
        "target",
        ">",
        19,
        ("set_temperature", dict(thermostat_id="$thermostat_id", target=18)),
        ("set_mode", dict(thermostat_id="$thermostat_id", mode="idle")),
        ("prepare the heating of {it} for the night", "see to the thermostat of {it} for the night, by the rules"),
    ),
    Procedure(
        "smell",
        "An appliance that smells is stopped where it is running; else a timer of 10 minutes is set in its room.",
        "get_appliance",
        "status",
        "==",
        "running",
        ("stop_appliance", dict(appliance_id="$it")),
        ("set_timer", dict(room="$room", minutes=10)),
        ("do something, there is a smell from {it}", "follow the rules, as a smell comes from {it}"),
    ),
]


def make() -> Domain:
    """The domain."""
    policy = "You run a house. A faulty appliance cannot be started; temperatures beyond 12 to 26 degrees need an administrator."
    return domain("home", KINDS, TABLES, FUNCTIONS, build, policy, "The house listens.", PROCEDURES)
