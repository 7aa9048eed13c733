"""013: what the claim trains on, and what it compares."""

from dutiful.claims.measuring import RESULTS
from dutiful.claims.robustness import AGENT, drop
from dutiful.kit.demonstrations import demonstrate, examples
from dutiful.testing import check_claim
from dutiful.worlds.chat.instructions import WORDINGS


def test_the_claim():
    check_claim("robustness", RESULTS)


def test_training_shows_observed_wordings_only_and_no_list_of_options():
    observed = {text for wordings in WORDINGS.values() for text in wordings.observed}
    made = list(examples(demonstrate(AGENT, "chat/wordings?set=observed", 60)))
    assert len(made) == 60
    for example in made:
        assert example.spans[0].text.partition("\n")[0] in observed
        assert "You can" not in example.spans[0].text
        assert example.loss == (False, True)


def test_the_drop_pairs_items():
    right = list(demonstrate(AGENT, "chat/wordings?set=observed", 30))
    assert drop(right, right).interval == (0, 0, 0) and drop(right, right).n == len({e.task.setup["tags"]["item"] for e in right})
