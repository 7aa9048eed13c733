"""`dutiful check` as a script calls it: a process of its own."""

import json
import subprocess
import sys

import pytest

ANSWER = "Here is the lamp. It is bright, and cheap.\n- Buy it now! #lamp\n"


def check(*words, answer=ANSWER, code=0):
    command = [sys.executable, "-c", "from dutiful.cli import main; main()", "check", *map(str, words)]
    sent = answer if isinstance(answer, bytes) else answer.encode()
    done = subprocess.run(command, input=sent, capture_output=True, check=False)
    assert done.returncode == code, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


def test_met_requirements_end_with_0():
    out, err = check("Describe the lamp in under 80 words, with one bullet point.")
    assert "met      in under 80 words" in out and "2 of 2 requirements met" in out
    assert err == ""


def test_broken_ones_are_shown_with_their_places_and_end_with_1():
    out, err = check("Describe the lamp. No hashtags, no commas, two bullet points. Be friendly.", code=1)
    assert "NOT MET  No hashtags" in out and "answer:2:15:" in out and "#lamp" in out
    assert "answer:1:31:" in out
    assert "0 of 3 requirements met" in out
    assert "not understood, not checked: 'Be friendly'" in err


def test_json_is_for_scripts(tmp_path):
    file = tmp_path / "answer.txt"
    file.write_text(ANSWER)
    out, _ = check("Use no commas, at most 50 words; be kind.", "--answer", file, "--json", answer="", code=1)
    found = json.loads(out)
    assert found["passed"] is False
    assert [(row["kind"], row["params"], row["passed"]) for row in found["requirements"]] == [
        ("no_commas", {}, False),
        ("words_at_most", {"n": 50}, True),
    ]
    [comma] = found["requirements"][0]["breaks"]
    assert (comma["line"], comma["column"], comma["start"], comma["end"]) == (1, 31, 30, 31)
    assert [one["text"] for one in found["not_understood"]] == ["be kind"]


def test_loose_passes_without_the_first_line():
    answer = "Sure, here it is:\nplain and simple"
    check("Answer in lower case.", answer=answer, code=1)
    check("Answer in lower case.", "--loose", answer=answer)


def test_a_contradiction_is_pointed_out():
    _, err = check("Use at least 50 words. Use at most 10 words.", code=1)
    assert "no answer can meet all of this" in err


@pytest.mark.parametrize(
    ("words", "answer", "message"),
    [
        (["Describe the lamp."], ANSWER, "no requirement that code can check"),
        (["Be friendly."], ANSWER, "not understood: 'Be friendly'"),
        (["No commas."], " \n", "the answer is empty"),
        (["No commas."], b"\xff\xfe\x00caf\xe9", "no UTF-8"),
        (["No commas.", "--answer", "nowhere.txt"], "", "cannot read the answer"),
        ([], ANSWER, "INSTRUCTION"),
    ],
)
def test_mistakes_end_with_2_and_say_what_to_do(words, answer, message):
    _, err = check(*words, answer=answer, code=2)
    assert message in err


def test_it_starts_without_heavy_packages():
    code = "import sys; from dutiful.cli import main; from dutiful.kit.constraints import conflicts, parse; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "torch", "hypothesis", "transformers", "sklearn"} & set(loaded)
