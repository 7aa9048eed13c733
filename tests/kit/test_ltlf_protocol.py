"""Protocols: transcripts are cut and checked, and a grammar writes nothing but what they allow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.core.model import Grammar
from dutiful.core.world import Tool
from dutiful.kit.ltlf.grammar import grammar, turn_ends
from dutiful.kit.ltlf.protocol import Context, Segment, State, load, misfit, options, read, shipped

TOOLS = (
    Tool("lookup", "Finds.", {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}),
    Tool(
        "add",
        "Adds.",
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "number"}, "how": {"enum": ["up", "down"]}},
            "required": ["a", "b", "how"],
        },
    ),
    Tool("sort", "Sorts.", {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "integer"}}}}),
)
OWN = """
summary = "every kind of content"
formula = "Word and G(Word -> X(Code or Year or Quote)) and G(Code -> X Box) and G(Box -> X Word) and F Quote and G(Quote -> last)"
states = [
  {name = "Word", prefix = "Word:", content = "options", options = ["red", "reddish", "blue/green"]},
  {name = "Code", prefix = "Code:", stop = "END", limit = 30},
  {name = "Year", prefix = "In the year", content = "pattern", pattern = "1[0-9]{3}"},
  {name = "Box", prefix = "Box:", content = "schema", schema = {type = "object", properties = {n = {type = "integer"}}, required = ["n"]}},
  {name = "Quote", prefix = "Quote:", content = "seen"},
]
"""  # noqa: E501


@pytest.fixture(scope="module")
def tokenizer():
    pytest.importorskip("xllamacpp")
    pytest.importorskip("llguidance")
    from dutiful.core.errors import DutifulError
    from dutiful.models.embedded import weights
    from dutiful.models.embedded.tokenizer import Tokenizer

    try:
        return Tokenizer(weights.find(""))
    except DutifulError as error:
        pytest.skip(str(error))


def written(protocol, tokenizer, seed, left=12, context=Context(TOOLS, "", "the oak is 12 years old."), want=2000):
    """Turns of a model that wants anything at random, and an environment that answers; the transcript and its tokens."""
    from dutiful.models.embedded.masks import GrammarMask

    random, segments, tokens = np.random.default_rng(seed), [], []
    node = protocol.automaton.start
    while True:
        if any(protocol.by_name[name].source == "model" for name in protocol.automaton.allowed(node, left)):
            mask, ids = GrammarMask(Grammar(grammar(protocol, node, left, context)), tokenizer), []
            while len(ids) < want:
                # Ends of lines and of the turn are what a model wants rarely at random: contents run into their limits.
                legal = mask.allowed(random.standard_normal(tokenizer.size).astype(np.float32), True)
                token = int(random.choice(legal))
                if token in tokenizer.ends:
                    break
                ids.append(token)
                mask.accept(token)
            tokens += ids
            for name, said in protocol.split(tokenizer.detokenize(ids)):
                content = "push door" if protocol.by_name[name].content == "action" else said
                segments.append(Segment(name, content))
                node, left = protocol.automaton.next(node, name), max(0, left - 1)
                context = context.after(protocol.by_name[name], content)
        due = [name for name in protocol.automaton.allowed(node, left) if protocol.by_name[name].source == "environment"]
        if due:
            segments.append(Segment(due[0], "a red box, 7 of them"))
            node, left = protocol.automaton.next(node, due[0]), max(0, left - 1)
            context = context.after(protocol.by_name[due[0]], "a red box, 7 of them")
        elif protocol.automaton.accepting(node):
            return segments, tokens


@settings(max_examples=16, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([*shipped(), "own"]), st.integers(1, 12))
def test_whatever_is_written_under_the_grammar_keeps_the_protocol(tokenizer, seed, name, left):
    protocol = read(OWN) if name == "own" else load(name)
    context = Context(TOOLS, "", "the oak is 12 years old.")
    segments, _ = written(protocol, tokenizer, seed, left, context)
    assert protocol.check(segments, context) is None, protocol.write(segments)[:2000]
    assert len(segments) <= max(left, len(protocol.automaton.finish(protocol.automaton.start)))


def test_a_prefix_survives_tokens_that_reach_beyond_it(tokenizer):
    protocol = load("react-tools")
    merged = 0
    for seed in range(8):
        segments, tokens = written(protocol, tokenizer, seed)
        for token in tokens:
            piece = tokenizer.pieces[token].decode("utf-8", "replace")
            merged += piece.startswith(" ") and len(piece) > 1  # the space is the prefix's, the letters are the content's
        assert protocol.split(protocol.write(segments)) == segments
    assert merged, "no token began in a prefix and ended in a content: nothing was tested"


@pytest.mark.parametrize("name", shipped())
def test_examples_keep_their_protocol(name):
    protocol = load(name)
    assert protocol.examples and protocol.source
    for number in range(len(protocol.examples)):
        instruction, segments = protocol.example(number)
        assert instruction and protocol.check(segments) is None
        assert protocol.check(segments[:-1]) is not None, "a transcript without its end does not count as whole"
        assert protocol.check(segments[:-1], complete=False) is None


def test_the_first_violation_of_a_transcript():
    protocol = load("react-tools")
    context = Context(TOOLS)

    def wrong(text):
        return protocol.check(protocol.split(text), context)

    good = 'Thought: so\nAction: lookup\nAction Input: {"name": "oak"}\nObservation: 12\nThought: it is 12\nAnswer: 12'
    assert wrong(good) is None
    assert wrong(good.replace("lookup", "look_up")).position == 1
    assert wrong(good.replace('{"name": "oak"}', "oak")).position == 2
    assert wrong(good.replace('"name"', '"nam"')).position == 2
    assert wrong(good.replace("Observation: 12\n", "")).position == 3
    assert wrong(f"Sure!\n{good}").position == 0
    assert wrong(f"{good}\nThought: more").position == 6
    assert wrong(good.removesuffix("\nAnswer: 12")).position == 5
    assert "Answer" in str(wrong("Answer: 12")) and "Thought" in str(wrong("Answer: 12"))


def test_a_further_condition_changes_what_is_allowed():
    protocol = load("react-tools")
    later = protocol.also("not Answer U (Observation and X(not Answer U Observation))")
    one = 'Thought: a\nAction: lookup\nAction Input: {"name": "b"}\nObservation: c\n'
    assert protocol.check(protocol.split(one + "Thought: d\nAnswer: e")) is None
    assert later.check(protocol.split(one + "Thought: d\nAnswer: e")).position == 5
    assert later.check(protocol.split(one + one + "Thought: d\nAnswer: e")) is None
    with pytest.raises(ValueError, match="no transcript"):
        _ = protocol.also("G not Answer").automaton


def test_splitting():
    protocol = read(OWN)
    text = "Word: red\nCode: x = 1\nQuote: no\ny END\nBox: {}"
    assert protocol.split(text) == [Segment("Word", "red"), Segment("Code", "x = 1\nQuote: no\ny"), Segment("Box", "{}")]
    assert protocol.split("hm\nWord: red")[0] == Segment("", "hm")
    assert protocol.split("red\nQuote: a", inside="Word") == [Segment("Word", "red"), Segment("Quote", "a")]
    assert load("cot").split("Thought: I say Answer: 4") == [Segment("Thought", "I say Answer: 4")]


def test_contents():
    quote = State("Quote", "Quote:", content="seen")
    assert {"12 years", "old"} <= set(options(quote, Context(seen="oak is 12 years old.")))
    assert options(State("T", "T:", content="tool"), Context(TOOLS)) == ("lookup", "add", "sort")
    assert not misfit('{"a": 1, "b": 2.5, "how": "up"}', TOOLS[1].parameters)
    assert "not one of" in misfit('{"a": 1, "b": 2.5, "how": "in"}', TOOLS[1].parameters)


def test_turns_end_where_the_environment_comes_next():
    protocol = load("pass")
    node = protocol.automaton.start
    ends = []
    for name in ("Plan", "Action", "Observation", "Summary", "Answer"):
        node = protocol.automaton.next(node, name)
        ends.append(turn_ends(protocol, node, 9))
    assert ends == [False, True, False, False, True]


def test_a_formula_alone_is_a_protocol():
    protocol = load("Thought and G(Thought -> X Action) and G(Action -> X Observation) and G(Observation -> last)")
    assert protocol.by_name["Observation"].source == "environment" and protocol.by_name["Action"].content == "action"
    for text, says in (("no-such", "react"), ("gone.toml", "no file"), ("reakt", "is called")):
        with pytest.raises(ValueError, match=says):
            load(text)
    with pytest.raises(ValueError, match="share"):
        read(OWN.replace('"Box:"', '"Code:"'))
    with pytest.raises(ValueError, match="example 1 breaks the formula at position 2: Box where Code or Year or Quote"):
        read(f"{OWN}examples = ['Instruction: a\\nWord: red\\nBox: 1']".replace("['", '["').replace("']", '"]'))
    with pytest.raises(ValueError, match="cannot be read"):
        read(OWN.replace('"seen"', '"sean"'))
