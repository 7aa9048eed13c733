"""`dutiful lint-agent`: exit codes and what is printed."""

import json

from click.testing import CliRunner

from dutiful.cli import main

CLEAN = """\
from openai import OpenAI
def ask(text):
    return OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])
"""


def run(*arguments):
    return CliRunner().invoke(main, ["lint-agent", *map(str, arguments)])


def test_exit_codes(tmp_path):
    file = tmp_path / "agent.py"
    file.write_text(CLEAN)
    assert run(file).exit_code == 0
    file.write_text(CLEAN + "def go(q):\n    while True:\n        ask(q)\n")
    told = run(file)
    assert told.exit_code == 1 and "agent.py:5: MNFT agent.go:" in told.output
    file.write_text("import crewai\n")
    told = run(file)
    assert told.exit_code == 2 and "not analysed" in told.output
    assert run(tmp_path / "nothing").exit_code == 2


def test_json(tmp_path):
    (tmp_path / "agent.py").write_text(CLEAN + "def go(q):\n    while True:\n        ask(q)\n")
    report = json.loads(run(tmp_path, "--json").output)
    assert report["status"] == "defects" and report["findings"][0]["line"] == 5
    assert json.loads(run(tmp_path, "--json", "--only", "tre").output)["findings"] == []
