"""CPU time of the harness itself: a step and an episode with a scripted model in a world where nothing happens.

The same work for three harnesses: episodes of so many steps, each one action out of two (a tool call for the peers) answered
with the same short observation. CPU seconds of the process (user and system), imports and a warm-up left out; a step is
the slope between short and long episodes, an episode what remains at no steps.

- ours: agents `act` and `act+json`, through `lab.run` with one worker, every episode written to the store; the model returns
  ready answers with a fixed usage, as those of the peers do
- smolagents: ToolCallingAgent with a model that returns ready messages, console output off; it writes no log, and none is counted
- Inspect: the react agent with mockllm, log file written, display off. Its mock model counts tokens with a tokenizer that it
  downloads; the outputs here carry their usage, and `tiktoken.get_encoding` is replaced by a split at spaces for what is left.

Run as `python bench/harness.py`. The peers live in an environment of their own: `make bench-peers` makes bench/.peers
(pip install smolagents inspect-ai); PEERS_PYTHON names another interpreter.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHORT, LONG = 10, 50
EPISODES = {"ours": 200, "ours-json": 200, "smolagents": 20, "inspect": 20}
BOUNDS = {"smolagents": 0.2, "inspect": 0.02}
RULES = "You are in a corridor."
TASK = "walk to the end of the corridor"
SEEN = "The corridor goes on."


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", help="measure one side in this process and print it (used by the script itself)")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(measure(given.side)))
        return
    peers = Path(os.environ.get("PEERS_PYTHON", Path(__file__).parent / ".peers" / "bin" / "python"))
    if not peers.exists():
        sys.exit(f"no interpreter at {peers}: make one with `make bench-peers`, or set PEERS_PYTHON")
    runs: dict[str, list[dict]] = {side: [] for side in EPISODES}
    for i in range(given.repeats):
        for side, found in runs.items():  # in turns, so that all see the same load of the machine
            found.append(side_by_side(peers if side in BOUNDS else Path(sys.executable), side))
            one = found[-1]
            print(f"{i + 1}. {side:10} {one['step']:8.3f} ms a step, {one['episode']:8.3f} ms an episode", flush=True)
    report(runs)


def side_by_side(python: Path, side: str) -> dict:
    done = subprocess.run([python, __file__, "--side", side], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{side} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure(side: str) -> dict:
    """CPU milliseconds a step and an episode, of one side in this process."""
    prepare, version = {"ours": (ours, "dutiful"), "ours-json": (ours_json, "dutiful")}.get(side) or {
        "smolagents": (smolagents, "smolagents"),
        "inspect": (inspect, "inspect_ai"),
    }[side]
    episodes, carry_out = EPISODES[side], prepare()
    carry_out(2, SHORT)  # warm-up: imports, caches, first-time set-up
    took = {}
    for steps in (SHORT, LONG):
        began = time.process_time()
        carry_out(episodes, steps)
        took[steps] = (time.process_time() - began) / episodes * 1000
    step = (took[LONG] - took[SHORT]) / (LONG - SHORT)
    import importlib.metadata

    return {
        "step": step,
        "episode": took[SHORT] - SHORT * step,
        "long": took[LONG],
        "version": importlib.metadata.version(version),
    }


def ours(agent: str = "act"):
    from dutiful import Card, Criterion, Instruction, Limits, Model, Observation, Task, Usage, Verdict, World
    from dutiful.core.model import Choice, Completion
    from dutiful.lab import Store, run

    usage = Usage(50, 0, 5, 1)

    class Ready(Model):
        card = Card(kind="model", name="ready", summary="always walks on")

        def choose(self, prompt, options, sampling=None):
            return Choice(0, "scripted", usage=usage)

        def generate(self, prompt, sampling=None, constraint=None):
            return Completion('{"action": "walk on"}', usage)

    class Corridor(World):
        card = Card(kind="world", name="corridor", summary="walk on", capabilities=frozenset({"choices"}))
        rules = RULES

        def __init__(self, steps: int = 20):
            self.steps = steps

        def tasks(self, split="test"):
            return [Task(f"walk-{i}", "corridor", split, i, Instruction(TASK)) for i in range(1000)]

        def reset(self, task):
            self.walked = 0
            return self.look()

        def look(self):
            return Observation(SEEN, ("walk on", "wait"), done=self.walked >= self.steps)

        def step(self, action):
            self.walked += action.text == "walk on"
            return self.look()

        def verdict(self):
            there = self.walked >= self.steps
            return Verdict.of(Criterion("at the end", there, self.walked / self.steps, f"walked {self.walked}"))

    def carry_out(episodes: int, steps: int) -> None:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.sqlite") as store:
            done = run(store, agent, Ready(), Corridor(steps), tasks=episodes, workers=1, limits=Limits())
            rows = done.rows
            assert len(rows) == episodes and all(row.passed and row.steps == steps for row in rows)

    return carry_out


def ours_json():
    return ours("act+json")


def smolagents():
    from smolagents import LogLevel, Tool, ToolCallingAgent
    from smolagents.models import ChatMessage, ChatMessageToolCall, ChatMessageToolCallFunction, MessageRole, Model, TokenUsage

    class Walk(Tool):
        name, description, output_type = "walk", "Walk on.", "string"
        inputs = {"where": {"type": "string", "description": "on or back"}}

        def forward(self, where: str) -> str:
            return SEEN

    class Ready(Model):
        def __init__(self, steps: int):
            super().__init__(model_id="ready")
            self.steps, self.asked = steps, 0

        def generate(self, messages, **options):
            self.asked += 1
            last = self.asked == self.steps
            name, arguments = ("final_answer", {"answer": "there"}) if last else ("walk", {"where": "on"})
            function = ChatMessageToolCallFunction(name=name, arguments=arguments)
            call = ChatMessageToolCall(function=function, id=str(self.asked), type="function")
            usage = TokenUsage(input_tokens=50, output_tokens=5)
            return ChatMessage(MessageRole.ASSISTANT, "", tool_calls=[call], token_usage=usage)

    def carry_out(episodes: int, steps: int) -> None:
        for _ in range(episodes):
            agent = ToolCallingAgent([Walk()], Ready(steps), verbosity_level=LogLevel.OFF, max_steps=steps + 1)
            answer = agent.run(f"{RULES} {TASK}")
            assert answer == "there" and len(agent.memory.steps) >= steps

    return carry_out


def inspect():
    import tiktoken

    class Spaces:
        def encode(self, text, **options):
            return text.split()

    tiktoken.get_encoding = lambda name: Spaces()

    from inspect_ai import Task, eval
    from inspect_ai.agent import react
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ModelOutput, ModelUsage, get_model
    from inspect_ai.scorer import includes
    from inspect_ai.tool import tool

    @tool
    def walk():
        async def execute(where: str):
            """Walk on.

            Args:
                where: on or back
            """
            return SEEN

        return execute

    def carry_out(episodes: int, steps: int) -> None:
        def answer(messages, tools, choice, config):
            said = sum(message.role == "assistant" for message in messages)
            name, arguments = ("submit", {"answer": "there"}) if said == steps - 1 else ("walk", {"where": "on"})
            output = ModelOutput.for_tool_call("mockllm/model", name, arguments)
            output.usage = ModelUsage(input_tokens=50, output_tokens=5, total_tokens=55)
            return output

        samples = [Sample(input=f"{RULES} {TASK}", target="there") for _ in range(episodes)]
        task = Task(dataset=samples, solver=react(tools=[walk()]), scorer=includes())
        with tempfile.TemporaryDirectory() as folder:
            model = get_model("mockllm/model", custom_outputs=answer, memoize=False)
            log = eval(task, model=model, display="none", log_dir=folder)[0]
            assert log.status == "success", log.error
            assert len(log.samples) == episodes and all(s.scores["includes"].value == "C" for s in log.samples)

    return carry_out


def report(runs: dict[str, list[dict]]) -> None:
    """Medians over the repeats; a ratio is the median of the ratios of each repeat."""
    common = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "command": "python bench/harness.py",
        "versions": {"python": platform.python_version()} | {side: found[0]["version"] for side, found in runs.items()},
    }
    rows = []
    for mine, agent in (("ours", "act"), ("ours-json", "act+json")):
        for peer, bound in BOUNDS.items():
            ratio = statistics.median(a["step"] / b["step"] for a, b in zip(runs[mine], runs[peer], strict=True))
            what = f"CPU a step, {agent} in a store against {peer}"
            rows.append(
                line(f"harness-{agent}-{peer}", what, middle(runs[mine], "step"), middle(runs[peer], "step"), ratio, bound)
            )
        for part, bound in (("step", 0.2), ("episode", 1.0)):
            value = middle(runs[mine], part)
            rows.append(line(f"harness-{agent}-{part}", f"CPU of one {part}, {agent} in a store", value, None, value, bound))
    for row in rows:
        holds = "holds" if row["holds"] else "does not hold"
        peer = "" if row["peer"] is None else f"{row['peer']:.4f}"
        print(f"{row['what']:48} {row['ours']:8.4f} {peer:>9}  ratio {row['ratio']:.4f}, bound {row['bound']}: {holds}")
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / "harness.json").write_text(
        json.dumps({"name": "harness", "rows": [row | common for row in rows]}, indent=1) + "\n"
    )


def middle(found: list[dict], part: str) -> float:
    return statistics.median(one[part] for one in found)


def line(name: str, what: str, mine: float, peer: float | None, ratio: float, bound: float) -> dict:
    """One row of the results; without a peer the value itself is held against the bound."""
    shown = None if peer is None else round(peer, 4)
    return dict(
        name=name, what=what, ours=round(mine, 4), peer=shown, ratio=round(ratio, 4), bound=bound, holds=ratio <= bound, unit="ms"
    )


if __name__ == "__main__":
    main()
