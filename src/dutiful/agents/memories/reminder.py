"""Everything so far, and the rules that stand once more."""

from __future__ import annotations

from dutiful.core.agent import Memory
from dutiful.core.parts import Card
from dutiful.core.records import Source, Span


class Reminder(Memory):
    """Shows every turn word for word, then all the rules of earlier turns that still stand, then the present turn.

    An oracle for an ablation: the rules come from the world's log (`info["standing"]`). What an agent gains by it is what
    it loses because the rules lie scattered over the history; what it still gets wrong, it fails to carry out. The
    rules are shown anew each turn and never kept, so that the history is the one that `full` shows.

    Source: MMMT-IF (arXiv 2409.18216), which puts them at the very end of the input; here they stand before the
    present turn, in the same message of the user.
    """

    card = Card(
        kind="memory",
        name="reminder",
        system="056",
        summary="every turn so far, and the standing rules once more at the end (an ablation)",
        source="arXiv 2409.18216",
    )

    def recall(self) -> tuple[Span, ...]:
        seen = self.agent.episode.observation
        standing = seen.info.get("standing", ()) if seen else ()
        if not standing:
            return super().recall()
        return (*super().recall(), Span(Source.USER, f"These rules hold for all your answers: {' '.join(standing)}"))
