"""A third party's world in under 40 lines: switch on the lights that the instruction names."""

import random

from dutiful import Action, Card, Criterion, Instruction, Observation, Task, Verdict, World

ROOMS = ("hall", "kitchen", "study", "attic")


class Lights(World):
    card = Card(kind="world", name="lights", summary="switches in four rooms", capabilities=frozenset({"expert", "choices"}))
    rules = "You are at a panel of light switches."

    def tasks(self, split="test"):
        start = {"train": 0, "validation": 1000, "test": 2000}[split]
        return [self.lay_out(split, seed) for seed in range(start, start + 100)]

    def lay_out(self, split, seed):
        rooms = random.Random(seed).sample(ROOMS, 2)
        text = f"switch on the light in the {rooms[0]} and in the {rooms[1]}"
        return Task(f"lights-{seed}", self.spec, split, seed, Instruction(text), {"rooms": rooms})

    def reset(self, task):
        self.wanted, self.on = task.setup["rooms"], []
        return self.look()

    def look(self, **info):
        choices = tuple(f"press {room}" for room in ROOMS if room not in self.on)
        return Observation(f"Lit: {', '.join(self.on) or 'none'}.", choices, done=len(self.on) == 2, info=info)

    def step(self, action: Action):
        verb, _, room = action.text.partition(" ")
        if verb != "press" or room not in ROOMS or room in self.on:
            return self.look(refused=f"{action.text!r} does nothing here")
        self.on.append(room)
        return self.look()

    def verdict(self):
        return Verdict.of(*(Criterion(f"lit {r}", r in self.on, float(r in self.on), f"lit: {self.on}") for r in self.wanted))

    def expert(self):
        return Action(f"press {next(room for room in self.wanted if room not in self.on)}")
