"""Claims about the corridor of switches in examples/lights.py: one that holds, one whose control holds too."""

from dutiful import Card
from dutiful.claims.evidence import at_least, at_most, difference, mean, passed, tasks
from dutiful.core.claim import Claim


class ErrorsHurt(Claim):
    """A scripted model that errs follows fewer instructions than one that does not."""

    card = Card(kind="claim", name="errors-hurt", system="900", summary="errors cost success", source="these tests")
    stands_in = "scripted"
    margin = 0.1

    def measure(self, lab):
        again = dict(tasks=4, seeds=4, same_tasks=True)
        arms = [lab.episodes("act", "lights:Lights", f"scripted?error={e}", **again) for e in (0.0, 0.9)]
        right, wrong = map(passed, arms)
        lab.note(f"{sum(wrong):.0f} of {len(wrong)} passed with errors")
        yield at_least("success without errors over with", difference(right, wrong, tasks(arms[0])), self.margin)
        yield at_most("success with errors", mean(wrong), 0.9)
        yield at_least("control: the same against itself", difference(right, right, tasks(arms[0])), self.margin, control=True)


class ControlHolds(ErrorsHurt):
    """Its control is met by anything."""

    card = Card(kind="claim", name="control-holds", system="901", summary="errors cost success", source="these tests")

    def measure(self, lab):
        *evidence, control = super().measure(lab)
        yield from evidence
        yield control.replace(bound=-1.0)
