"""Defects in agent code: each rule on a small positive and a small negative file, resolution, and what is not analysed."""

import textwrap

import pytest

from dutiful.core.errors import SpecError
from dutiful.kit.agentlint import DEFECTS, check, lint
from dutiful.kit.agentlint.values import STEPS

HEAD = """\
import json
from openai import OpenAI
client = OpenAI()
def ask(text):
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}]).choices[0].message.content
"""


def found(code, head=HEAD, **others):
    """(defect, line) of the findings; lines count from the head's first."""
    files = {"agent.py": head + textwrap.dedent(code), **others}
    return [(f.defect, f.line) for f in check(files).findings]


LINE = HEAD.count("\n") + 1


def test_the_head_alone_is_clean():
    report = check({"agent.py": HEAD})
    assert report.status == "clean" and report.frameworks == ("openai",)


@pytest.mark.parametrize(
    ("defect", "bad", "good", "line"),
    [
        ("ADAL", "ask2 = client.chat.completions.create(model='text-embedding-3-small', messages=[])",
         "vectors = client.embeddings.create(model='text-embedding-3-small', input='x')", 0),
        ("LARD", "client.chat.completions.create(model='gpt-4o')", "client.chat.completions.create(model='gpt-4o', messages=[])", 0),  # noqa: E501
        ("LARD", "client.chat.completions.create(model='gpt-4o', messages=[], temperature=3)",
         "client.chat.completions.create(model='gpt-4o', messages=[], temperature=1)", 0),
        ("LPE", "def go(q):\n    return json.loads(ask(q))",
         "def go(q):\n    try:\n        return json.loads(ask(q))\n    except ValueError:\n        return {}", 1),
        ("LPE", "def go(q):\n    try:\n        return json.loads(ask(q))\n    except OSError:\n        return {}",
         "def parse(text):\n    return json.loads(text)\ndef go(q):\n    try:\n        return parse(ask(q))\n    except ValueError:\n        return 0",  # noqa: E501
         2),
        ("MNFT", "def go(q):\n    while True:\n        q = ask(q)\n        if 'x' in q:\n            return q",
         "def go(q):\n    n = 0\n    while True:\n        n += 1\n        if n > 5:\n            return q\n        q = ask(q)", 1),  # noqa: E501
        ("ITEI", "def f(a):\n    return 'x'\nTOOLS = {'f': {'run': f, 'description': ''}}",
         "def f(a):\n    return 'x'\nTOOLS = {'f': {'run': f, 'description': 'Does it.'}}", 2),
        ("TRE", "def f(a):\n    if a:\n        return 'x'\nTOOLS = {'f': f}",
         "def f(a):\n    if a:\n        return 'x'\n    raise ValueError(a)\nTOOLS = {'f': f}", 0),
        ("ALS", "def seen_it(a):\n    return 'x'\nTOOLS = {'seen_it': seen_it}\nstop = ['seen']",
         "def seen_it(a):\n    return 'x'\nTOOLS = {'seen_it': seen_it}\nstop = ['Seen:']", 3),
    ],
)  # fmt: skip
def test_a_rule_finds_the_bad_and_leaves_the_good(defect, bad, good, line):
    assert (defect, LINE + line) in found(bad)
    assert found(good) == []


def test_packages_at_odds():
    tool = "def f(a):\n    return 'x'\nTOOLS = {'f': f}\n"
    bad = found(tool, **{"requirements.txt": "numpy>=2\n", "tools_requirements.txt": "# tools\nnumpy<2\n"})
    assert bad == [("EPDD", 2)]
    assert found(tool, **{"requirements.txt": "numpy>=2\n", "tools_requirements.txt": "numpy>=2.1,<3\n"}) == []


def test_stop_words_are_resolved_through_two_f_strings_and_a_module():
    code = "from words import LEAD\nMARK = f'{LEAD}:'\ndef f(a):\n    return f'Seen: {a}'\nTOOLS = {'f': f}\nstop_words = [f'{MARK}']"  # noqa: E501
    assert found(code, **{"words.py": "LEAD = 'Se' + 'en'\n"}) == [("ALS", LINE + 5)]
    assert found(code, **{"words.py": "LEAD = 'Heard'\n"}) == []


def test_recursion_ends():
    loop = "A = f'{B}'\nB = f'{A}'\nstop = [A]\ndef f(a):\n    return g(a)\ndef g(a):\n    return f(a)\nTOOLS = {'f': f}\n"
    assert found(loop) == []
    deep = "V0 = 'x'\n" + "".join(f"V{n + 1} = f'{{V{n}}}{{V{n}}}'\n" for n in range(40)) + "stop = [V40]\n"
    assert found(deep) == [] and STEPS < 10_000


def test_an_unknown_framework_is_not_analysed_and_not_clean():
    for code in (
        "from crewai import Agent\nAgent().kickoff()\n",
        "print('no agent at all')\n",
        "import mystery\nmystery.llm('x')\n",
    ):
        report = check({"agent.py": code})
        assert report.status == "not analysed" and report.not_analysed and not report.findings
    both = check({"agent.py": HEAD, "crew.py": "import crewai\n"})
    assert both.status == "not analysed" and "crew.py" in both.not_analysed


def test_files_that_do_not_parse_are_named():
    report = check({"agent.py": HEAD, "broken.py": "def ("})
    assert "broken.py" in report.not_analysed and report.status == "not analysed"


def test_an_explained_line_is_left_out_and_an_unexplained_one_is_not():
    loop = "def go(q):\n    while True:{}\n        q = ask(q)\n"
    assert found(loop.format("  # agentlint: MNFT because the caller kills it")) == []
    assert found(loop.format("  # agentlint: MNFT")) == [("MNFT", LINE + 1)]
    assert found(loop.format("  # agentlint: TRE because of that")) == [("MNFT", LINE + 1)]


def test_only_some_defects_and_none_that_there_is_not():
    code = HEAD + "def f(a):\n    pass\nTOOLS = {'f': f}\ndef go(q):\n    while True:\n        ask(q)\n"
    assert {f.defect for f in check({"a.py": code}, ["TRE"]).findings} == {"TRE"}
    with pytest.raises(SpecError, match="no defect XYZ"):
        check({"a.py": code}, ["XYZ"])
    assert len(DEFECTS) == 8


def test_a_folder_is_read_and_a_missing_one_refused(tmp_path):
    (tmp_path / "agent.py").write_text(HEAD)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "x.py").write_text("import crewai\n")
    assert lint(tmp_path).status == lint(tmp_path / "agent.py").status == "clean"
    with pytest.raises(SpecError, match="there is no"):
        lint(tmp_path / "nothing")
