"""The oracle that searches as an agent must, and the planner that knows everything.

The expert sees what the agent has seen: the rooms it was in, the places it opened, and from the rules that the kitchen
has a sink, a fridge and a heater. Each action is a function of that:

1. While no wanted thing is known, it searches: it opens the first place of the room, in the order shown, that it never opened;
   with none left it goes to the first room, in the order shown, that it never saw (then to one with unopened places).
2. Once one is known, it follows a shortest plan to having it (clean, hot, cold) where it belongs, or under the lamp.
3. While no such place or lamp is known, it takes the thing, makes it clean, hot or cold, and goes on to rooms never seen.

Of the shortest plans it takes the one that comes first in this order of actions: take, clean, heat, cool, put, turn on, look at,
open, go; and within one in the order shown. Of two things, it brings the one that is nearer first. A wrong thing in
its hands goes to the first place in the room that can have it.
"""

from __future__ import annotations

from collections.abc import Iterable

from dutiful.core.errors import WorldFailure
from dutiful.kit.strips import Goal, search
from dutiful.worlds.text.home.catalogue import NEEDS, PLACES
from dutiful.worlds.text.home.house import House, View


def known_places(house: House, view: View) -> list[str]:
    """Places and lamps that the agent has seen, was told of in the instruction, or knows of every kitchen."""
    told = house.goal.room
    return [
        name
        for name, room in (*((place.name, place.room) for place in house.places.values()), *house.lamps.items())
        if room in view.visited or (room == told and name in house.targets) or _in_every_kitchen(house, name)
    ]


def _in_every_kitchen(house: House, name: str) -> bool:
    place = house.places.get(name)
    return place is not None and place.room == "kitchen" and bool(PLACES[place.kind].does)


def known_things(house: House, view: View) -> list[str]:
    """The wanted things that the agent has seen and that are not yet in their place."""
    found: list[str] = []
    for thing in house.wanted:
        place = house.places.get(house.place_of(view.state, thing))
        if place is None or (place.room in view.visited and (not place.door or place.name in view.searched)):
            found.append(thing)
    return found


def placed(house: House, state: int) -> list[str]:
    """Of two things to put, those that lie in their place."""
    if house.goal.kind != "two":
        return []
    return [thing for thing in house.wanted if house.place_of(state, thing) in house.targets]


def next_action(house: House, view: View) -> int:
    """The number of the expert's action; raises WorldFailure when the home has no more to search."""
    state, known = view.state, known_places(house, view)
    done = placed(house, state)[: house.goal.amount]
    things = [thing for thing in known_things(house, view) if thing not in done]
    if not things:
        return _explore(house, view, containers=True)
    targets = [target for target in house.targets if target in known]
    if targets:
        keep = house.task.mask(("at", thing, house.place_of(state, thing)) for thing in done)
        goals = house.goals(things, targets, keep)
    else:
        goals = [Goal(house.holding[thing] | house.state_bit(thing)) for thing in things]
    plan = search(house.task, state, goals, actions=relevant(house, state, things, targets, known))
    if plan is None:
        raise WorldFailure(f"the home of {house.goal} has no plan")
    return plan[0] if plan else _explore(house, view, containers=False)


def _explore(house: House, view: View, containers: bool) -> int:
    room = house.room(view.state)

    def unopened(where: str) -> list[str]:
        return [
            place.name for place in house.in_room[where] if house.closed(view.state, place) and place.name not in view.searched
        ]

    if containers and (shut := unopened(room)):
        return _number(house, view, f"open {house.places[shut[0]].kind}")
    for name in house.rooms:
        if name not in view.visited:
            return _number(house, view, f"go to {name}")
    for name in house.rooms:
        if containers and unopened(name):
            return _number(house, view, f"go to {name}")
    raise WorldFailure(f"the whole home is seen, and nothing fits {house.goal}")


def _number(house: House, view: View, words: str) -> int:
    return house.words.read(words, view.state)[0]


def relevant(house: House, state: int, things: list[str], targets: list[str], known: Iterable[str]) -> list[int]:
    """The actions that a shortest plan for these things can need: the search space shrinks to a few hundred states."""
    held, here = house.held(state), house.room(state)
    use = NEEDS.get(house.goal.kind, "")
    known = set(known)
    homes = {house.place_of(state, thing) for thing in things}
    workshops = {name for name in known if name in house.places and use and PLACES[house.places[name].kind].does == use}
    places = homes | workshops | set(targets)
    rooms = {house.places[name].room for name in places if name in house.places} | {
        house.lamps[t] for t in targets if t in house.lamps
    }
    wrong = held if held and held not in things else ""
    numbers: list[int] = []
    for number, action in enumerate(house.task.actions):
        name, args = action.name, action.args
        if name == "go":
            fit = args[1] in rooms and (args[0] in rooms or args[0] == here)
        elif name == "close":
            fit = False
        elif name == "open":
            fit = args[1] in homes or args[1] in targets or (bool(wrong) and args[0] == here)
        elif name == "light":
            fit = args[1] in targets
        elif name.startswith("put"):
            fit = (args[2] in things and args[1] in targets) or (args[2] == wrong and args[0] == here)
        else:
            fit = args[2] in things and args[1] in places
        if fit:
            numbers.append(number)
    return numbers


def optimum(house: House, state: int) -> tuple[int, ...]:
    """A shortest plan for who knows the whole home; raises WorldFailure when there is none."""
    targets, done = house.targets, placed(house, state)[: house.goal.amount]
    things = [thing for thing in house.wanted if thing not in done]
    keep = house.task.mask(("at", thing, house.place_of(state, thing)) for thing in done)
    goals = house.goals(things, targets, keep)
    if house.goal.amount - len(done) > 1:
        goals = [
            Goal(first.positive | goal.positive)
            for n, first_thing in enumerate(things)
            for first in house.goals([first_thing], targets, keep)
            for goal in house.goals(things[n + 1 :], targets)
        ]
    elif house.goal.amount == len(done):
        return ()
    plan = search(house.task, state, goals, actions=relevant(house, state, things, targets, (*house.places, *house.lamps)))
    if plan is None:
        raise WorldFailure(f"the home of {house.goal} has no plan")
    return plan
