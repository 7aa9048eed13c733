"""What the checker is held against: patterns over lines, as one would grep for them, and a general linter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dutiful.kit.agentlint.frameworks import PURPOSES


class Hit(NamedTuple):
    """What a baseline reports."""

    defect: str
    file: str
    line: int


LINES: tuple[tuple[str, str], ...] = (
    ("LARD", r"temperature['\"]?\s*[=:]\s*(2\.[1-9]|[3-9]\b|\d\d)|max_tokens['\"]?\s*[=:]\s*0\b|role['\"]: ['\"](human|bot|ai)"),
    ("LARD", r"\.create\((?!.*(messages|\*\*))|\.create\(.*\b(max_length|prompt|stop_words)="),
    ("MNFT", r"while True|itertools\.count|max_(iterations|steps)=(None|\d{4,})"),
    ("MNFT", r"(AgentExecutor|initialize_agent)\w*(\.\w+)?\((?!.*handle_parsing_errors)|requests\.post\((?!.*timeout)"),
    ("ITEI", r"description['\"]?\s*(: str)?\s*[=:]\s*['\"]\s*['\"]"),
    ("TRE", r"^\s+return( None)?$|^\s+pass$"),
    ("EPDD", r"pip['\"]?,?\s*['\"]?install"),
)
_PARSES = re.compile(
    r"json\.loads\(|literal_eval\(|\b(int|float)\(\w|\.split\(.*\)\[|\.groups?\(|model_validate_json\(|, \w+ = .*\.split\("
)
_WORDS = re.compile(r"'([^']{3,})'|\"([^\"]{3,})\"")


def grep(sources: Mapping[str, str]) -> list[Hit]:
    """Patterns a line, with a look at the lines around for what needs one."""
    hits: set[Hit] = set()
    everything = [line for text in sources.values() for line in text.splitlines()]
    for path, text in sources.items():
        lines = text.splitlines()
        if not path.endswith(".py"):
            hits |= set(_second(path, lines, sources.get("requirements.txt", "")))
            continue
        for number, line in enumerate(lines, 1):
            hits |= {Hit(defect, path, number) for defect, pattern in LINES if re.search(pattern, line)}
            quoted = [a or b for a, b in _WORDS.findall(line)]
            if any(re.search(pattern, word.lower()) for word in quoted for _, pattern in PURPOSES if "/" in word or "-" in word):
                hits.add(Hit("ADAL", path, number))
            if _PARSES.search(line) and not any("try:" in each for each in lines[max(0, number - 3) : number]):
                hits.add(Hit("LPE", path, number))
            if re.search(r"@.*tool", line) and not any('"""' in each for each in lines[number : number + 2]):
                hits.add(Hit("ITEI", path, number + 1))
            if re.search(r"stop|pause|halt", line, re.IGNORECASE) and any(_told(word, line, everything) for word in quoted):
                hits.add(Hit("ALS", path, number))
    return sorted(hits)


def _told(word: str, line: str, everything: Sequence[str]) -> bool:
    """Whether a quoted word stands in another line that defines or returns something."""
    return any(word in each and each != line and re.search(r"\b(def|return)\b", each) for each in everything)


def _second(path: str, lines: Sequence[str], shared: str) -> Iterator[Hit]:
    """Packages of a second list of requirements that the first one names with other versions."""
    for number, line in enumerate(lines, 1):
        package = re.split(r"[<>=~!]", line)[0].strip()
        if (
            path != "requirements.txt"
            and package
            and any(re.match(rf"{re.escape(package)}[<>=~]", s) and s != line for s in shared.splitlines())
        ):
            yield Hit("EPDD", path, number)


RUFF = {
    "RET501": "TRE", "RET502": "TRE", "RET503": "TRE", "PLR1710": "TRE", "PLR1711": "TRE", "PIE790": "TRE", "D101": "ITEI", "D102": "ITEI",  # noqa: E501
    "D103": "ITEI", "D419": "ITEI", "S113": "MNFT", "PLW0120": "MNFT", "BLE001": "LPE", "S110": "LPE", "S112": "LPE", "TRY203": "LPE",  # noqa: E501
    "TRY302": "LPE", "S307": "LPE", "S603": "EPDD", "S607": "EPDD",
}  # fmt: skip
"""Rules of the general linter that come nearest to a defect."""


def ruff(programs: Mapping[str, Mapping[str, str]]) -> dict[str, list[Hit]]:
    """The general linter with all its rules, over many programs at once; raises RuntimeError where it is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        names = {str(number): name for number, name in enumerate(programs)}
        for number, name in names.items():
            for path, text in programs[name].items():
                file = root / number / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        command = [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--isolated",
            "--preview",
            "--select",
            "ALL",
            "--output-format",
            "json",
            "--no-cache",
            folder,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"ruff did not run ({done.stderr.strip()[:200]}): pip install ruff")
        found: dict[str, list[Hit]] = {name: [] for name in programs}
        for each in json.loads(done.stdout):
            number, _, path = Path(each["filename"]).resolve().relative_to(root.resolve()).as_posix().partition("/")
            if defect := RUFF.get(each["code"] or ""):
                found[names[number]].append(Hit(defect, path, each["location"]["row"]))
        return found
