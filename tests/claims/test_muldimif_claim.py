"""The claim on levels: what it measures can come out otherwise."""

import dutiful
from dutiful.claims.muldimif import apart, places
from dutiful.testing import check_claim


def test_the_claim_is_a_claim():
    check_claim("muldimif")


def test_a_writer_falls_with_the_level_and_one_without_faults_does_not():
    worlds = {level: dutiful.world(f"chat/rules?level={level}&pattern=list") for level in ("I", "IV")}
    told = {}
    for skill in (0.7, 1):
        agent = dutiful.agent("act", dutiful.model(f"writer?meets={skill}"))
        for level, world in worlds.items():
            told[skill, level] = [dutiful.solve(agent, task, world) for task in world.tasks("test")[:20]]
            assert not any(episode.error for episode in told[skill, level])
    assert apart(told[0.7, "I"], told[0.7, "IV"]).interval.value > 0.2
    assert apart(told[1, "I"], told[1, "IV"]).interval.value == 0
    assert places(told[1, "I"]) == list(range(20))
