"""091: demonstrations of a few structured tasks over papers help on other such tasks, and cost nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dutiful.claims.evidence import at_least, difference, note, of, passed, tasks
from dutiful.core import parts
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.records import Episode
from dutiful.judges.structured import Structured
from dutiful.kit.training import fingerprint
from dutiful.lab import Laboratory

DEMOS = 400
READER = "act+choice?tokens=120"
FIT = "lora?epochs=1&lr=0.001&tokens=1024&threads=1"


class SciRIFFClaim(Claim):
    """SmolLM2-135M-Instruct with an adapter taught on six training cards mixed 1:1 with chat, and one taught on chat alone.

    Equal numbers of demonstrations, each read once. On the three held-out cards, 5 seeds of 12 papers each: JSON success of the
    mixture is at least 20 points above chat alone, mean F1 is higher, and the share of requirements met on 50 chat tasks is at
    most 2 points below chat alone. Control: chat alone against the untaught model, which must not gain those 20 points.
    """

    card = Card(
        kind="claim",
        name="sciriff",
        system="091",
        summary="a few instruction-tuned tasks over scientific papers carry over to held-out ones, without loss elsewhere",
        source="arXiv 2406.07835",
    )
    cost = "full"
    beyond = "The nine tasks of the paper and its models of 7B and 70B; a language-model judge for summaries."

    def measure(self, lab: Laboratory) -> Iterator[Evidence]:
        models = {
            "untaught": "embedded",
            "general": self._taught(lab, "general", "sciriff?alone=true"),
            "mixture": self._taught(lab, "mixture", "sciriff"),
        }
        found = {name: lab.episodes(READER, "rag/papers", model, tasks=12, seeds=5) for name, model in models.items()}
        for name, episodes in found.items():
            note(lab, name, Structured().report(episodes), digits=2)
        readable = {name: _readable(episodes) for name, episodes in found.items()}
        scores = {name: of(episodes, lambda e: e.verdict.score if e.verdict else 0.0) for name, episodes in found.items()}
        ids = tasks(found["mixture"])
        yield at_least("JSON success over chat alone", difference(readable["mixture"], readable["general"], ids), 0.20)
        yield at_least("F1 over chat alone", difference(scores["mixture"], scores["general"], ids), 0.0)
        chat = {name: lab.episodes(READER, "chat/rules", models[name], tasks=10, seeds=5) for name in ("general", "mixture")}
        met = {name: of(episodes, lambda e: e.verdict.score if e.verdict else 0.0) for name, episodes in chat.items()}
        whole = {name: sum(passed(episodes)) for name, episodes in chat.items()}
        lab.note(f"chat/rules, all requirements met: general {whole['general']:.0f}, mixture {whole['mixture']:.0f} of 50")
        loss = difference(met["mixture"], met["general"], tasks(chat["general"]))
        yield at_least("requirements met on chat, less chat alone", loss, -0.02)
        gain = difference(readable["general"], readable["untaught"], ids)
        yield at_least("chat alone over the untaught model", gain, 0.20, control=True)

    def _taught(self, lab: Laboratory, name: str, teacher: str) -> str:
        """The spec of a model with an adapter taught on a teacher's examples; one of just these is not taught again."""
        made = list(parts.make("teacher", teacher).make(DEMOS, seed=0))
        out = Path(lab.folder) / f"sciriff-{name}-{fingerprint(FIT, [example.spans for example in made])}.gguf"
        if not out.exists():
            parts.make("learner", FIT).fit(parts.agent("act", lab.model("embedded")), made, out)
        lab.note(f"{name}: {teacher}, {DEMOS} examples, {FIT}")
        return f"embedded?adapter={out}"


def _readable(episodes: Sequence[Episode]) -> list[float]:
    judge = Structured()
    return [judge.judge(episode).criteria[0].score for episode in episodes]


__all__ = ["SciRIFFClaim"]
