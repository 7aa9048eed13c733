"""The commands as a person and a script use them."""

import json
import re

import pytest
from click.testing import CliRunner

from dutiful.cli import main


@pytest.fixture
def dutiful(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*words, code=0):
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == code, f"{words} ended with {result.exit_code}\n{result.output}\n{result.exception!r}"
        return result.output

    return call


def test_own_words_are_followed_kept_and_shown(dutiful):
    out = dutiful("run", "text/home", "put the red cup on the desk", "--agent", "expert")
    assert ("PASSED" in out and "red mug" in out) or "red cup" in out
    number = re.search(r"dutiful show (\d+)", out)[1]
    shown = dutiful("show", number)
    assert "put the red cup on the desk" in shown and "PASSED" in shown
    assert "finished" in dutiful("show")


def test_exit_codes_tell_scripts_how_it_went(dutiful):
    dutiful("run", "text/home", "put the red cup on the desk", "--agent", "random", "--steps", "1", code=1)
    dutiful("run", "text/home", "--agent", "act", "--model", "scripted?script=abracadabra", code=3)
    dutiful("run", "text/home", "make me happy", code=2)
    dutiful("nonsense", code=2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "txt/home"], "did you mean 'text/home'"),
        (["run", "text/home", "--agent", "akt"], "did you mean 'act'"),
        (["run", "text/home", "--model", "embeded"], "did you mean 'embedded'"),
        (["run", "text/home?rooms=many"], "rooms='many'"),
        (["run", "text/home", "paint the red cup"], "understands"),
        (["eval", "text/home"], "--model embedded"),
        (["compare"], "dutiful eval"),
        (["show", "17"], "dutiful eval"),
        (["parts", "windw"], "did you mean 'window'"),
        (["fit", "lore", "-w", "text/home", "--out", "x"], "did you mean 'lora'"),
    ],
)
def test_mistakes_are_answered_with_what_to_type_next(dutiful, words, message):
    assert message in dutiful(*words, code=2)


def test_eval_compare_and_resume(dutiful):
    words = ["eval", "text/home", "-a", "random", "-a", "expert", "--tasks", 6, "--seeds", 2, "--name", "first"]
    assert "100%" in dutiful(*words)
    assert "expert does better than random" in dutiful("compare", "first")
    found = json.loads(dutiful("compare", "first", "--json"))
    assert found[0]["winner"] == "a" and found[0]["pairs"] == 12
    assert "12 of them kept" in dutiful(*words, "--resume") or "24 of them kept" in dutiful(*words, "--resume")
    assert "passed" in dutiful("show", "first")
    assert "begun otherwise" in dutiful(*words[:-4], "--seeds", 3, "--name", "first", "--resume", code=2)


def test_no_winner_is_named_without_proof(dutiful):
    dutiful(
        "eval", "text/home", "-a", "act", "-m", "scripted?error=0.3", "-m", "scripted?error=0.31", "--tasks", 8, "--name", "twins"
    )
    assert "No difference shown" in dutiful("compare", "twins")


def test_eval_saves_its_table_with_command_and_versions(dutiful, tmp_path):
    dutiful("eval", "text/home", "-a", "expert", "--tasks", 3, "--save", "table.json")
    table = json.loads((tmp_path / "table.json").read_text())
    assert table["rows"][0]["success"] == 1.0 and table["rows"][0]["low"] < 1
    assert table["versions"]["dutiful"] and table["date"]


def test_errors_of_the_harness_are_counted_and_told(dutiful):
    out = dutiful("eval", "text/home", "-a", "act", "-m", "scripted?script=abracadabra", "--tasks", 2, code=3)
    assert "errors" in out


def test_lists_and_pages(dutiful):
    assert "text/home" in dutiful("worlds") and "grid" in dutiful("worlds")
    assert "instructions of the split" in dutiful("worlds", "text/home")
    assert "scripted" in dutiful("models")
    assert "window" in dutiful("parts") and "k=3" in dutiful("parts", "window")
    assert "window" in dutiful("parts", "memory")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_is_printed(dutiful, shell):
    assert "_DUTIFUL_COMPLETE" in dutiful("completion", shell)


@pytest.mark.parametrize("name", ["demo", "run", "eval", "compare", "show", "worlds", "models", "parts", "fit", "completion"])
def test_every_command_shows_an_example(dutiful, name):
    help = dutiful(name, "--help")
    assert "Example" in help and f"dutiful {name}" in help


def test_a_store_that_is_none_is_a_clear_error(dutiful, tmp_path):
    (tmp_path / "dutiful.db").write_bytes(b"this is no database, it only looks like a file")
    assert "dutiful.db" in dutiful("show", code=2)


def test_prompts_are_shown_with_their_sources(dutiful):
    dutiful("run", "text/home", "--agent", "act", "--model", "scripted", "--task", 1)
    assert re.search(r"USER \| Instruction", dutiful("show", 1, "--prompts"))
