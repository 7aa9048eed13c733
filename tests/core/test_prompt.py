from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dutiful import Prompt, Source, Span

spans = st.lists(st.builds(Span, st.sampled_from(Source), st.text(max_size=5)), max_size=6).map(tuple)


@given(spans, spans)
def test_messages_keep_every_word_in_order(first, more):
    prompt = Prompt(first) + more
    assert "\n".join(message.content for message in prompt.messages()) == prompt.text
    roles = [message.role for message in prompt.messages()]
    assert all(a != b for a, b in pairwise(roles)), "neighbours of one role are one message"


@given(spans, spans)
def test_shared_counts_the_common_beginning(first, second):
    shared = Prompt(first).shared(second)
    assert first[:shared] == second[:shared]
    assert shared == min(len(first), len(second)) or first[shared] != second[shared]


def test_a_span_may_take_another_role_but_never_another_source():
    span = Span(Source.SYSTEM, "think", role="user")
    assert Prompt((span,)).messages()[0].role == "user" and span.source is Source.SYSTEM
