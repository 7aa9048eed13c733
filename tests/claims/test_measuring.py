"""A claim is measured, resumed, kept and read again; one whose control holds is broken."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dutiful.claims import measuring
from dutiful.claims.evidence import at_least, at_most, difference, mean, note, ratio
from dutiful.cli import main
from dutiful.core.errors import DutifulError
from dutiful.core.parts import registry
from dutiful.core.records import Figure
from dutiful.lab import Laboratory
from dutiful.testing import CheckFailed, check_claim

sys.path.insert(0, str(Path(__file__).parent))
from small import ControlHolds, ErrorsHurt


@pytest.fixture
def lab(tmp_path):
    laboratory = Laboratory(tmp_path / "lab.db")
    yield laboratory
    laboratory.close()


def test_a_claim_is_measured_kept_and_checked(lab, tmp_path):
    seen = []
    result = measuring.measure(ErrorsHurt(), lab, seen.append)
    assert result.status == "shown" and [each.holds for each in result.evidence] == [True, True, False]
    assert tuple(seen) == result.evidence and "passed with errors" in result.notes[0] and len(result.episodes) == 2
    measuring.write(result, tmp_path)
    assert measuring.read("900", tmp_path) == result
    assert check_claim(ErrorsHurt(), tmp_path).ran == 6


def test_an_interval_that_rests_on_one_cluster_is_no_evidence():
    with pytest.raises(ValueError, match="at least two clusters"):
        at_least("success", mean([0.5, 1.0], ["a", "a"]), 0.1)


def test_a_report_is_noted_line_by_line(lab):
    note(lab, "clean", [Figure("passed", 0.5, 0.25, 0.75, 8), Figure("score", 1, 1, 1, 8)], digits=2)
    assert lab.notes == ["clean: passed 0.50 [0.25, 0.75] (n 8)", "clean: score 1.00 [1.00, 1.00] (n 8)"]


def test_a_claim_whose_control_holds_is_broken(lab, tmp_path):
    result = measuring.measure(ControlHolds(), lab)
    assert result.status == "broken"
    measuring.write(result, tmp_path)
    with pytest.raises(CheckFailed, match="the control holds too"):
        check_claim(ControlHolds(), tmp_path)


def test_a_result_that_was_touched_up_is_noticed(lab, tmp_path):
    result = measuring.measure(ErrorsHurt(), lab)
    lowered = [each.replace(bound=0.9999) if "over" in each.name else each for each in result.evidence]
    measuring.write(result.replace(evidence=tuple(each.replace(value=0.1, low=0.0, high=0.2) for each in lowered)), tmp_path)
    with pytest.raises(CheckFailed, match="the file says 'shown'"):
        check_claim(ErrorsHurt(), tmp_path)


def test_evidence_needs_a_control():
    held = at_least("more", mean([1, 1, 1, 0, 1, 1, 1, 1]), 0.3)
    with pytest.raises(DutifulError, match="control"):
        measuring.status([held])
    assert measuring.status([held, at_least("never", mean([0] * 8), 0.9, control=True)]) == "shown"
    assert measuring.status([held.replace(bound=0.99), held, held.replace(bound=1.0, control=True)]) == "partly"
    assert measuring.status([held.replace(bound=0.99), held.replace(bound=1.0, control=True)]) == "not shown"


def test_the_whole_interval_must_lie_on_the_right_side():
    gain = difference([1, 1, 1, 1, 0, 1, 1, 1], [0, 0, 1, 0, 0, 1, 0, 0])
    assert gain.interval.value == pytest.approx(0.625) and gain.n == 8
    assert at_least("gain", gain, gain.interval.low).holds and not at_least("gain", gain, gain.interval.value).holds
    assert not at_most("gain", gain, 0.7).holds
    assert ratio([2, 4, 6], [1, 2, 3]).interval.value == 2


def test_a_laboratory_does_not_run_twice_what_it_has(tmp_path):
    first = Laboratory(tmp_path / "lab.db")
    episodes = first.episodes("random", "lights:Lights", tasks=2, seeds=2)
    first.close()
    again = Laboratory(tmp_path / "lab.db")
    assert again.episodes("random", "lights:Lights", tasks=2, seeds=2) == episodes
    assert [e.task.id for e in again.episodes("expert", "lights:Lights", tasks=2, seeds=2)] == [e.task.id for e in episodes]
    again.close()


def test_errors_are_no_evidence(lab):
    with pytest.raises(DutifulError, match="ended in error"):
        lab.episodes("act", "lights:Lights", "scripted?script=abracadabra", tasks=1, seeds=1)


def test_the_command_measures_resumes_and_lists(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def dutiful(*words, code):
        result = CliRunner().invoke(main, list(words))
        assert result.exit_code == code, result.output
        return result.output

    out = dutiful("claims", "small:ErrorsHurt", "--out", "results", code=0)
    assert "holds: success without errors" in out and "shown" in out
    assert "shown" in dutiful("claims", "small:ErrorsHurt", "--out", "results", "--resume", code=0)
    assert "broken" in dutiful("claims", "small:ControlHolds", "--out", "results", code=1)
    dutiful("claims", "901", code=2)
    for system in (claim.card.system for claim in registry("claim").values()):
        assert system in dutiful("claims", code=0)


@pytest.mark.parametrize("name", registry("claim"))
def test_every_claim_is_measured_and_says_what_came_out(name):
    check_claim(name, measuring.RESULTS)
