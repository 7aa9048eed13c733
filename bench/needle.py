"""How often the embedded model finds the fact it is asked for, by the length of the prompt: the curve of claim 068.

A history of N lines, as an agent has it: mostly what was done, and in every sixteenth line what somebody said, a name and a
word. One of the names is asked for, and the model takes the likeliest of eight words (`choose`). So a longer history holds more
of what is asked for and more of what looks like it. All is drawn. How steep the curve is hangs on how thick the look-alikes
lie: in every eighth line instead, it went over 1.00, 1.00, 0.83, 0.50 and 0.48 to 0.26 (65, 109, 194, 364, 702 and 1214 tokens;
6 to 84 questions). Prints a line a length and writes bench/results/needle.json: tokens of the prompt (mean), share found,
questions. Run as `python bench/needle.py`.
"""

from __future__ import annotations

import datetime
import json
import platform
import time
from pathlib import Path
from random import Random

from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.models import Embedded

NAMES = ("Anna", "Ben", "Clara", "David", "Emma", "Frank", "Grace", "Henry", "Iris", "Jack", "Kate", "Leo", "Mary", "Nick")
WORDS = ("heron", "otter", "badger", "falcon", "lizard", "salmon", "beaver", "magpie")
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown", "grey")
HISTORIES = {4: 16, 8: 16, 16: 16, 32: 12, 64: 8, 112: 5}
"""How many histories of each number of lines."""
EVERY = 16
MODEL = "embedded?threads=1"


def said(name: str, word: str) -> str:
    return f"{name}'s password is {word}."


def history(lines: int, random: Random) -> tuple[dict[str, str], str]:
    """The facts, and the text that they are scattered over."""
    facts = {name: random.choice(WORDS) for name in random.sample(NAMES, max(1, lines // EVERY))}
    text = ["You put the {} block on the {} block.".format(*random.sample(COLOURS, 2)) for _ in range(lines - len(facts))]
    for name, word in facts.items():
        text.insert(random.randint(0, len(text)), said(name, word))
    return facts, "\n".join(text)


def main() -> None:
    model = Embedded(threads=1)
    points, began = [], time.process_time()
    for lines, histories in HISTORIES.items():
        found, asked, tokens = 0, 0, 0
        for number in range(histories):
            random = Random(f"needle {lines} {number}")
            facts, text = history(lines, random)
            for name in facts:
                question = Span(Source.USER, f"What is {name}'s password?")
                prompt = Prompt((Span(Source.SYSTEM, "Follow the instruction."), Span(Source.WORLD, text), question))
                options = [said(name, word) for word in WORDS]
                choice = model.choose(prompt, options)
                found += options[choice.index] == said(name, facts[name])
                asked, tokens = asked + 1, tokens + choice.usage.prompt_tokens
        points.append({"tokens": round(tokens / asked), "found": round(found / asked, 4), "n": asked})
        print(points[-1], f"{time.process_time() - began:.0f} CPU seconds so far", flush=True)
    model.close()
    result = {
        "name": "needle",
        "model": MODEL,
        "options": len(WORDS),
        "points": points,
        "versions": {"python": platform.python_version()},
        "date": datetime.date.today().isoformat(),
        "command": "python bench/needle.py",
    }
    path = Path(__file__).parent / "results" / "needle.json"
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
