"""Judge: was it followed, and how well."""

from collections.abc import Sequence

from dutiful.core.parts import Part
from dutiful.core.records import Episode, Figure, Verdict


class Judge(Part):
    """Reads an episode, changes nothing. The same episode always gets the same verdict, unless the card says "samples"."""

    def judge(self, episode: Episode) -> Verdict:
        """The verdict, with evidence for each criterion; raises ValueError for an episode that ended in error."""
        raise NotImplementedError

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """The protocol's own figures over many episodes, beyond the share that passed and the mean score."""
        return ()
