"""A small world with tools, for the tests of action spaces: find the city with the cheapest flight, and answer with it."""

from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Instruction, Observation, Task, Verdict
from dutiful.core.world import Tool, World
from dutiful.kit import calls, programs
from dutiful.kit.calls import Call


def schema(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


TOOLS = [
    Tool("cities", "Lists the cities one can fly to.", schema()),
    Tool("price", "The price of a flight.", schema(city={"type": "string"}, seats={"type": "integer"})),
    Tool("finish", "Answers.", schema(answer={"type": "string"})),
]
PRICES = {"Oslo": 70, "Rome, Italy": 45, "Vienna": 80, 'the "Hague"': 99}


class Errands(World):
    """Prices of some cities; the answer is the cheapest. Twenty calls at most."""

    card = Card(
        kind="world", name="errands", summary="the cheapest flight", capabilities=frozenset({"expert", "snapshot", "tools"})
    )

    @property
    def rules(self):
        return f"Find the cheapest flight for two. The tools are:\n{calls.describe(TOOLS)}"

    def __init__(self, max_steps: int = 20):
        self.max_steps = max_steps

    def tasks(self, split="test"):
        if split not in ("train", "validation", "test"):
            raise SpecError(f"errands: no split {split!r}")
        return [Task("errand", self.spec, split, 0, Instruction("Where is it cheapest to go for two?"))]

    def reset(self, task):
        self.state = (0, (), None)
        return Observation("You have not called anything yet.")

    def tools(self):
        return TOOLS

    def program(self):
        of = programs.Ref
        return programs.Program(
            (
                programs.Call("cities", {}, "names"),
                programs.Each(
                    "city",
                    of("names"),
                    (
                        programs.Call("price", {"city": of("city"), "seats": 2}, "found"),
                        programs.Let("row", {"city": "", "price": 0}),
                        programs.Collect(of("row"), "rows", {"city": of("city"), "price": of("found")}),
                    ),
                ),
                programs.Best(of("rows"), "price", "lowest", "best"),
                programs.Answer(of("best", ("city",))),
            )
        )

    def step(self, action):
        count, asked, answer = self.state
        if answer is not None or count >= self.max_steps:
            raise WorldFailure("the errand is over")
        info, seen = {}, ""
        try:
            call = calls.of(action, TOOLS)
            if call.tool == "price" and call.arguments["city"] not in PRICES:
                raise ValueError(f"no flights to {call.arguments['city']!r}")
        except ValueError as why:
            seen, info = f"Error: {why}", {"refused": str(why)}
        else:
            match call:
                case Call("cities", _):
                    seen = calls.msgspec.json.encode(list(PRICES)).decode()
                case Call("price", {"city": city, "seats": seats}):
                    asked, seen = (*asked, city), str(PRICES[city] * seats)
                case Call(_, arguments):
                    answer = arguments["answer"]
        self.state = (count + 1, asked, answer)
        return Observation(seen, done=answer is not None or count + 1 >= self.max_steps, info=info)

    def expert(self):
        asked = self.state[1]
        left = [city for city in PRICES if city not in asked]
        if not self.state[0]:
            return calls.action(Call("cities", {}))
        if left:
            return calls.action(Call("price", {"city": left[0], "seats": 2}))
        return calls.action(Call("finish", {"answer": min(PRICES, key=lambda city: PRICES[city])}))

    def snapshot(self):
        return self.state

    def restore(self, state):
        self.state = state
        return Observation("Back.")

    def verdict(self):
        right = self.state[2] == "Rome, Italy"
        return Verdict.of(Criterion("answer", right, float(right), f"the answer is {self.state[2]!r}"))
