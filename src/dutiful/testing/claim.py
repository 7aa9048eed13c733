"""What every claim must do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import build
from dutiful.testing.report import Report, Skip, card_is_complete, run_battery


class _Subject:
    def __init__(self, claim: Claim, result: Mapping[str, object] | None):
        self.claim, self.result = claim, result


def check_claim(claim: Claim | str, results: Path | None = None, *, expected: Mapping[str, str] | None = None) -> Report:
    """Runs the battery on a claim and on what was kept of its measurement (`results/NNN.json`); measures nothing."""
    import msgspec

    built: Claim = build(claim, "claim") if isinstance(claim, str) else claim
    path = results / f"{built.card.system}.json" if results else None
    result = msgspec.json.decode(path.read_bytes()) if path and path.exists() else None
    return run_battery(built, CHECKS, _Subject(built, result), expected)


def _card(s: _Subject) -> None:
    card_is_complete(s.claim, ["claim"])
    assert len(s.claim.card.system) == 3 and s.claim.card.system.isdigit(), f"system is {s.claim.card.system!r}, expected NNN"
    assert s.claim.card.source, "the card names no source"


def _cost(s: _Subject) -> None:
    assert s.claim.cost in ("quick", "full", "gpu"), f"cost is {s.claim.cost!r}"


def _evidence(s: _Subject) -> list[Evidence]:
    import msgspec

    if s.result is None:
        raise Skip("not measured yet")
    return msgspec.convert(s.result["evidence"], list[Evidence])


def _controlled(s: _Subject) -> None:
    evidence = _evidence(s)
    assert any(each.control for each in evidence), "no control: a claim that nothing could contradict"
    assert not all(each.control for each in evidence), "controls alone show nothing"


def _intervals(s: _Subject) -> None:
    for each in _evidence(s):
        assert each.low <= each.value <= each.high, f"{each.name}: {each.value} is not within [{each.low}, {each.high}]"
        assert each.n >= 5, f"{each.name} rests on {each.n} measurements"


def _says_what_it_shows(s: _Subject) -> None:
    evidence = _evidence(s)
    assert s.result is not None
    held = [each.holds for each in evidence if not each.control]
    status = "shown" if all(held) else "partly" if any(held) else "not shown"
    status = "broken" if any(each.holds for each in evidence if each.control) else status
    assert s.result["status"] == status, f"the file says {s.result['status']!r}, its evidence amounts to {status!r}"
    assert s.result["says"] == s.claim.card.summary, "the claim was reworded since it was measured: measure it again"
    assert s.result["stands_in"] == s.claim.stands_in, "another model stands in now: measure it again"


def _not_broken(s: _Subject) -> None:
    held = [each.name for each in _evidence(s) if each.control and each.holds]
    assert not held, f"the control holds too, so the claim shows nothing: {held}"


CHECKS = [
    ("the card is complete", _card),
    ("the cost is stated", _cost),
    ("there is a control", _controlled),
    ("intervals hold their values", _intervals),
    ("the status is what the evidence amounts to", _says_what_it_shows),
    ("no control holds", _not_broken),
]
