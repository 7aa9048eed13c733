"""The public batteries: what every part must do, ours and yours alike.

    from dutiful.testing import check_world

    def test_my_world():
        report = check_world("my_package:MyWorld", expected={"splits are disjoint": "one split only"})
        assert report.ran >= 12

A battery runs every check that the part's card makes fit, says which it left out and why, and raises CheckFailed with all
that failed. An expected failure needs a reason, and is itself a failure once the check passes.
"""

from dutiful.testing.agent import check_agent
from dutiful.testing.attack import check_attack
from dutiful.testing.claim import check_claim
from dutiful.testing.judge import check_judge
from dutiful.testing.model import check_model
from dutiful.testing.report import CheckFailed, Report, Result
from dutiful.testing.world import check_world

__all__ = [
    "CheckFailed",
    "Report",
    "Result",
    "check_agent",
    "check_attack",
    "check_claim",
    "check_judge",
    "check_model",
    "check_world",
]
