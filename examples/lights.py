"""A third party's world: switch on the two lights that the instruction names, in that order."""

from itertools import permutations

from dutiful import Action, Card, Criterion, Instruction, Observation, SpecError, Task, Verdict, World, WorldFailure

ROOMS = ("attic", "cellar", "hall", "kitchen", "study")
PAIRS = list(permutations(ROOMS, 2))
SPLITS = {"train": PAIRS[:12], "validation": PAIRS[12:16], "test": PAIRS[16:]}


class Lights(World):
    card = Card(kind="world", name="lights", summary="five switches", capabilities=frozenset({"expert", "choices"}))

    def tasks(self, split="test"):
        if split not in SPLITS:
            raise SpecError(f"no split {split!r}; there are {', '.join(SPLITS)}")
        text = "switch on the light in the {}, then the one in the {}".format
        return [Task(f"{a}-{b}", self.spec, split, 0, Instruction(text(a, b)), {"rooms": [a, b]}) for a, b in SPLITS[split]]

    def reset(self, task):
        self.wanted, self.on = task.setup["rooms"], []
        return self.look()

    def look(self, **info):
        choices = tuple(f"press {room}" for room in ROOMS if room not in self.on)
        return Observation(f"Lit: {', '.join(self.on) or 'none'}.", choices, done=len(self.on) == 2, info=info)

    def step(self, action):
        if len(self.on) == 2:
            raise WorldFailure("the episode is over: reset first")
        if action.text not in self.look().choices:
            return self.look(refused=f"{action.text!r} does nothing here")
        self.on.append(action.text.removeprefix("press "))
        return self.look()

    def verdict(self):
        lit = [(room, self.on[i : i + 1] == [room]) for i, room in enumerate(self.wanted)]
        return Verdict.of(*(Criterion(room, ok, float(ok), f"lit: {self.on}") for room, ok in lit))

    def expert(self):
        return Action(f"press {self.wanted[len(self.on)]}")
