"""Episodes for the judges' tests: a chat of two turns, answered as a test says."""

import dutiful
from dutiful import Card
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.models import Scripted

SHORT, LONG = WordsAtMost(6).constraint(), WordsAtLeast(4).constraint()


class Chat(Conversation):
    """`size` tasks of two turns; the first is answered right with 1 to 6 words, the second with 4 to 6."""

    card = Card(kind="world", name="chat", summary="two turns", capabilities=frozenset({"dialogue", "expert", "snapshot"}))

    def __init__(self, size: int = 40):
        super().__init__()
        self.size = size

    def tasks(self, split="test"):
        return [self._task(split, number) for number in range(self.size)]

    def _task(self, split, number):
        first = Said(f"Be brief on {number}. {SHORT.wording}", constraints=(SHORT,), gold="Two words.", tags={"turn": "first"})
        more = Said(f"More on {number}.", constraints=(LONG, SHORT), gold="These are five words now.", tags={"turn": "second"})
        tags = {"parity": "odd" if number % 2 else "even", "colours": ["red", "blue"] if number % 2 else ["red"]}
        return Dialogue((first, more), tags).task(f"t{number}", self.spec, split, 0)


def spoken(reply, tasks=4, seeds=1):
    """Episodes of a scripted model: `reply` is its lines, or a function of the prompt."""
    world = Chat()
    model = Scripted(reply=reply) if callable(reply) else Scripted(script="|".join(reply))
    agent = dutiful.agent("act", model)
    return [dutiful.solve(agent, task, world, seed=seed) for seed in range(seeds) for task in world.tasks()[:tasks]]
