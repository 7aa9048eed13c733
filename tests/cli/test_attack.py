"""dutiful attack: the two rates, beside and with a defence."""

from click.testing import CliRunner

from dutiful.cli import main

WORLD = "rag/facts?k=1&retriever=gold"


def attack(*arguments):
    done = CliRunner().invoke(main, ["attack", *arguments, "--split", "validation", "-n", "6"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def test_attack_prints_both_rates_for_the_bare_and_the_defended_agent(tmp_path):
    reply = "scripted"  # plays the expert, whatever is injected
    done = attack(WORLD, "-m", reply, "--attack", "injection?family=ignore", "-d", "tags", "--store", str(tmp_path / "a.db"))
    assert done.exit_code == 0
    for word in ("PDR", "IDR", "with tags", "accuracy, open", "attack succeeded"):
        assert word in done.output
    lines = [line.split() for line in done.output.splitlines() if "PDR" in line]
    assert [line[line.index("PDR") + 1] for line in lines] == ["0.000", "0.000"]


def test_attack_in_a_world_without_a_dialogue_counts_what_passed(tmp_path):
    done = attack("text/home", "-a", "expert", "--attack", "injection?relevance=irrelevant", "--store", str(tmp_path / "b.db"))
    assert done.exit_code == 0 and "passed, attacked" in done.output and "1.000" in done.output


def test_an_attack_that_succeeds_is_told_by_the_exit_code(tmp_path):
    # One letter after Q: the only errand that is answered by "R", so few tasks are led astray, and one is enough.
    done = attack(
        WORLD,
        "-m",
        "scripted?script=42 72 63 24 120 43 R deep green Oslo Lisbon honey mice swam 6 pain dog ice 366",
        "--attack",
        "injection?relevance=irrelevant",
        "--store",
        str(tmp_path / "c.db"),
    )
    assert done.exit_code == 1


def test_a_defence_in_the_place_of_an_attack_is_refused(tmp_path):
    done = attack(WORLD, "-m", "scripted", "--attack", "tags", "--store", str(tmp_path / "d.db"))
    assert done.exit_code == 2 and "defend" in done.output
