"""036: the claim's card and result, its worlds and queries."""

from dutiful.claims.measuring import RESULTS
from dutiful.claims.toolllm import ARMS, DEPTHS, HELD, queries, ranked, world
from dutiful.core import parts
from dutiful.kit.retrieval import BM25
from dutiful.teachers.toolbench import catalogue, document, held_out
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("toolllm", RESULTS)


def test_its_arms_and_worlds_are_there():
    assert all(parts.agent(f"act+json+{arm.format(10)}") for arm in ARMS.values())
    assert all(parts.world(world(depth)).tasks("test")[0].setup["broken"] for depth in DEPTHS)


def test_queries_need_a_function_held_out_and_ranking_leaves_the_others_out():
    names = list(catalogue())
    asked = queries("validation", 12)
    assert asked and all(query.held <= query.relevant and query.held for query in asked)
    assert all(held_out(names[place], HELD) for query in asked for place in query.held)

    class First:
        def __init__(self, query):
            self.order = sorted(query.relevant - query.held) + sorted(query.held)

        def search(self, query, k):
            return self.order[:k]

    assert all(ranked(First(query), query, 5) == 1 for query in asked)
    plain = BM25([document(api) for api in catalogue().values()])
    assert 0 < sum(ranked(plain, query, 5) for query in asked) / len(asked) < 1
