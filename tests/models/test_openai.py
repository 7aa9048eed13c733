"""OpenAI-compatible servers: a real one with the embedded weights, and one that misbehaves to order."""

import json
import threading

import pytest
import servers
from hypothesis import given
from hypothesis import strategies as st
from lights import Lights

import dutiful
from dutiful import Limits, Prompt, Sampling, Source, Span
from dutiful.core.errors import FormatFailure, ModelFailure, RateLimited, SpecError, Unsupported
from dutiful.core.model import Choices, Grammar, JsonSchema
from dutiful.models import Embedded, OpenAI
from dutiful.models.openai import answers
from dutiful.testing import check_model

PROMPT = Prompt((Span(Source.SYSTEM, "Answer briefly."), Span(Source.USER, "What is the capital of France?")))
CITIES = ["Rome", "Paris", "a banana", "the city of Paris"]
CITY = {
    "type": "object",
    "properties": {"city": {"enum": ["Paris", "Rome"]}},
    "required": ["city"],
    "additionalProperties": False,
}


# The real server


@pytest.fixture(scope="module")
def weights():
    from dutiful.models.embedded import weights

    try:
        return weights.find()
    except ModelFailure as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def real(weights):
    with servers.llama_server(weights) as url:
        model = OpenAI("smollm2", base_url=url)
        yield model
        model.close()


def test_a_real_server_passes_the_battery(real):
    assert check_model(OpenAI("smollm2", base_url=real.base_url)).ran >= 8


def test_its_answers_and_scores_are_those_of_the_same_weights_embedded(real, weights):
    embedded = Embedded(weights=str(weights), threads=1, slots=2)
    try:
        ours, theirs = embedded.generate(PROMPT, Sampling(12)), real.generate(PROMPT, Sampling(12))
        assert theirs.text[:8] == ours.text[:8] and theirs.finish == ours.finish
        assert theirs.usage.prompt_tokens == ours.usage.prompt_tokens
        ours, theirs = embedded.choose(PROMPT, CITIES), real.choose(PROMPT, CITIES)
        assert theirs.how == ours.how == "logprobs" and theirs.index == ours.index
        assert theirs.scores == pytest.approx(ours.scores, abs=0.1)
    finally:
        embedded.close()


def test_sampled_choices_follow_the_scores(real):
    scores = real.choose(PROMPT, CITIES).scores
    drawn = [real.choose(PROMPT, CITIES, Sampling(temperature=30.0, seed=seed)).index for seed in range(6)]
    assert len(set(drawn)) > 1
    assert drawn == [answers.draw(scores, Sampling(temperature=30.0, seed=seed)) for seed in range(6)]


def test_a_real_server_reads_a_prompt_once_and_counts_tokens_and_log_probabilities(real):
    real.generate(PROMPT, Sampling(4))
    again = real.generate(PROMPT, Sampling(4))
    assert again.usage.cached_tokens > again.usage.prompt_tokens / 2
    assert again.usage.completion_tokens == 4 and again.finish == "length" and again.logprob < 0
    assert again.usage.cost == 0 and real.priced


def test_constraints_on_a_real_server(real):
    assert json.loads(real.generate(PROMPT, Sampling(32), JsonSchema(CITY)).text)["city"] in ("Paris", "Rome")
    for seed in range(3):
        assert real.generate(PROMPT, Sampling(4, 2.0, seed=seed), Choices(("go", "stay put"))).text in ("go", "stay put")
    with pytest.raises(Unsupported, match="grammar"):
        real.generate(PROMPT, Sampling(), Grammar("start: 'a'"))
    bound = OpenAI("smollm2", base_url=real.base_url, how="constrained")
    assert bound.choose(PROMPT, CITIES).how == "constrained"


def test_a_real_server_stops_where_told_and_goes_on_after_an_answer(real):
    free = real.generate(PROMPT, Sampling(12)).text
    assert real.generate(PROMPT, Sampling(12, stop=(free[3],))).text == free[: free.index(free[3])]
    assert real.generate(PROMPT + (Span(Source.MODEL, "It is Paris."),), Sampling(4)).text


def test_an_episode_through_a_real_server(real):
    world = Lights()
    episode = dutiful.solve(dutiful.agent("act", real), world.tasks()[0], world, limits=Limits(steps=3))
    assert episode.error is None and episode.verdict is not None
    assert {call.how for step in episode.steps for call in step.calls} == {"logprobs"}
    assert episode.usage.cached_tokens > 0 and episode.usage.calls == len(episode.steps)


# A server in vLLM's manner


def test_echoed_log_probabilities_are_the_exact_scores():
    echo = servers.Echo()
    with servers.Loopback(servers.says("unasked"), others=echo) as server:
        choice = model(server).choose(PROMPT, CITIES)
    ids = [echo.tokens([{"role": "assistant", "content": city}], False) for city in CITIES]
    begin = 1 + 1 + len("assistant\n")  # each text begins and ends with the marks around it
    expected = [sum(echo.logprobs(a)[b] for a, b in zip(row[begin - 1 : -2], row[begin:-1], strict=True)) for row in ids]
    assert choice.how == "logprobs" and choice.scores == pytest.approx(expected)
    assert choice.index == expected.index(max(expected)) and server.bodies == []


# A server that misbehaves


def model(server, **more):
    return OpenAI("m", base_url=server.url, **{"backoff": 0.005, "retries": 4, "timeout": 5.0, **more})


@pytest.mark.parametrize(
    "trouble",
    [
        [servers.status(429, "slow down", Retry_After="0.05")],
        [servers.status(500, "oops")] * 3,
        [servers.status(503, "loading"), servers.status(502), servers.status(504)],
        [servers.half, servers.half],
        [servers.raw('{"choices": [{"mess')],
        [servers.raw("<html>a proxy's page</html>")],
        [servers.raw("{}"), servers.raw('{"error": {"message": "busy"}}')],
        [servers.raw("[]")],
    ],
)
def test_trouble_that_passes_is_outlived(trouble):
    with servers.Loopback(*trouble, servers.says("Paris")) as server:
        completion = model(server).generate(PROMPT)
    assert completion.text == "Paris" and len(server.bodies) == len(trouble) + 1
    assert completion.usage.replace(seconds=0) == dutiful.Usage(10, 4, 2, calls=1)


@pytest.mark.parametrize(
    ("answer", "kind", "words", "asked"),
    [
        (servers.status(429, "slow down"), RateLimited, "slow down.*concurrency", 5),
        (servers.status(429, "insufficient_quota"), ModelFailure, "quota is spent", 1),
        (servers.status(429, "tomorrow", Retry_After="86400"), RateLimited, "tomorrow", 1),
        (servers.status(500, "oops"), ModelFailure, "HTTP 500.*oops", 5),
        (servers.status(401, "who are you"), ModelFailure, "HTTP 401.*OPENAI_API_KEY", 1),
        (servers.status(403, "not for you"), ModelFailure, "HTTP 403.*may not use", 1),
        (servers.status(404, "what"), ModelFailure, "no model 'm'.*/v1", 1),
        (servers.status(400, "context too long"), ModelFailure, "context too long", 1),
        (servers.half, ModelFailure, "broke off", 5),
        (servers.raw("<html>a proxy's page</html>"), ModelFailure, "no JSON: \"<html>a proxy's page.*/v1", 3),
        (servers.raw('{"choices": []}'), ModelFailure, "no choices", 3),
        (servers.raw('{"choices": [{"text": "old"}]}'), ModelFailure, "no message", 3),
        (servers.says("", finish="content_filter"), ModelFailure, "filter", 1),
    ],
)
def test_trouble_that_stays_is_a_clear_error_of_the_episode(answer, kind, words, asked, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with servers.Loopback(answer) as server:
        with pytest.raises(kind, match=f"(?s){words}"):
            model(server).generate(PROMPT)
        assert len(server.bodies) == asked
        world = Lights()
        episode = dutiful.solve(dutiful.agent("act", model(server, retries=0)), world.tasks()[0], world)
    assert episode.error is not None and episode.error.kind == kind.__name__
    assert episode.verdict is None and episode.ended == "error"


@pytest.mark.parametrize("silent", [servers.hangs, servers.drips])
def test_a_server_that_hangs_is_a_time_out(silent):
    with servers.Loopback(silent) as server, pytest.raises(ModelFailure, match=r"within 0\.2 s; raise timeout"):
        model(server, timeout=0.2, retries=1).generate(PROMPT)
    assert len(server.bodies) == 2


def test_no_server_at_all():
    with servers.Loopback(servers.says("gone")) as server:
        pass
    with pytest.raises(ModelFailure, match="is the server up"):
        model(server).generate(PROMPT)


@pytest.mark.parametrize("param", [True, False])
def test_fields_that_are_refused_are_left_out_and_remembered(param):
    picky = servers.refuses(["logprobs", "seed", "stop", "max_tokens"], servers.says("one. two"), param)
    with servers.Loopback(picky) as server:
        asked = model(server)
        assert asked.generate(PROMPT, Sampling(7, stop=(".",))).text == "one"
        assert len(server.bodies) == 5 and server.bodies[-1]["max_completion_tokens"] == 7
        asked.generate(PROMPT)
        assert len(server.bodies) == 6


def test_a_field_that_matters_is_not_left_out_in_silence():
    with servers.Loopback(servers.refuses(["temperature"], servers.says("warm"))) as server:
        with pytest.raises(ModelFailure, match="omit=temperature"):
            model(server).generate(PROMPT)
        assert model(server, omit="temperature").generate(PROMPT).text == "warm"


CALL = {"tool_calls": [{"id": "1", "type": "function", "function": {"name": "answer", "arguments": '{"answer": "Rome"}'}}]}


def test_json_schema_else_a_tool_call_else_text():
    with servers.Loopback(servers.says('{"answer": "Rome"}')) as server:
        choice = model(server).choose(PROMPT, CITIES)
        assert (choice.index, choice.how, choice.scores) == (0, "constrained", ())
    with servers.Loopback(servers.refuses(["response_format"], servers.says(None, **CALL))) as server:
        asked = model(server)
        for _ in range(2):
            choice = asked.choose(PROMPT, CITIES)
            assert (choice.index, choice.how) == (0, "constrained")
        assert len(server.bodies) == 3  # remembered
    with servers.Loopback(servers.refuses(["response_format", "tools"], servers.says("I would say: Rome!"))) as server:
        asked = model(server)
        choice = asked.choose(PROMPT, CITIES)
        assert (choice.index, choice.how) == (0, "text") and "a banana" in server.bodies[-1]["messages"][-1]["content"]
        assert asked.generate(PROMPT, Sampling(), Choices(("Oslo", "Rome"))).text == "Rome"
        assert len(server.bodies) == 4


def test_a_server_that_takes_a_schema_and_ignores_it_is_found_out():
    with servers.Loopback(servers.says("Rome")) as server:
        asked = model(server)
        choice = asked.choose(PROMPT, CITIES)
        assert (choice.index, choice.how) == (0, "text") and choice.usage.completion_tokens == 6
        asked.choose(PROMPT, CITIES)
        assert len(server.bodies) == 4


def test_a_refusal_that_names_nothing_is_tried_without_the_schema_and_only_then_believed():
    def unclear(handler, body):
        servers.status(400, "Bad request")(handler, body) if {"response_format", "tools"} & body.keys() else servers.says("Rome")(
            handler, body
        )

    with servers.Loopback(unclear) as server:
        asked = model(server)
        assert asked.choose(PROMPT, CITIES).how == asked.choose(PROMPT, CITIES).how == "text"
        assert len(server.bodies) == 4
    with servers.Loopback(
        servers.status(400, "too long"), servers.status(400, "too long"), servers.says('{"answer": "Rome"}')
    ) as server:
        asked = model(server, how="constrained")
        server.answers[2:2] = [servers.status(400, "too long")]
        with pytest.raises(ModelFailure, match="too long"):
            asked.choose(PROMPT, CITIES)
        assert asked.choose(PROMPT, CITIES).how == "constrained"


def test_an_answer_without_words_is_a_format_failure():
    with servers.Loopback(servers.says(" ... ")) as server, pytest.raises(FormatFailure):
        model(server, how="text").choose(PROMPT, CITIES)
    with servers.Loopback(servers.says("x")) as server, pytest.raises(Unsupported, match="log-probabilities"):
        model(server, how="logprobs").choose(PROMPT, CITIES)


def test_concurrency_starts_slowly_and_keeps_its_bound():
    with servers.Loopback(servers.slow(0.02, servers.says("yes"))) as server:
        asked = model(server, concurrency=6)
        threads = [threading.Thread(target=asked.generate, args=(PROMPT,)) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(server.bodies) == 40 and 2 <= server.most <= 6
        assert asked._client.gate.window.under_way == 0


def test_threads_learn_what_is_refused_without_stepping_on_each_other():
    picky = servers.refuses(["response_format", "logprobs", "seed"], servers.says(None, **CALL))
    with servers.Loopback(picky) as server:
        asked, choices = model(server), []
        threads = [threading.Thread(target=lambda: choices.append(asked.choose(PROMPT, CITIES))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert [(choice.index, choice.how) for choice in choices] == [(0, "constrained")] * 12


# Keys, prices, specs


KEY = "sk-very-secret-0123456789"


def test_the_key_comes_from_the_environment_and_shows_nowhere(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY + "\n")
    echoing = servers.status(401, f"Incorrect key {KEY}, {'x' * 300}")
    with servers.Loopback(servers.says("yes"), echoing) as server:
        asked = model(server, key_env="MY_KEY")
        asked.generate(PROMPT)
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        world = Lights()
        episode = dutiful.solve(dutiful.agent("act", asked), world.tasks()[0], world)
        seen = [repr(asked), asked.spec, repr(asked.versions()), repr(vars(asked)), repr(vars(asked._client))]
    assert "[key]" in episode.error.message and "MY_KEY" in episode.error.message
    assert KEY.encode() not in dutiful.write_episode(episode)
    assert not any(KEY in text for text in seen)


@pytest.mark.parametrize(
    ("value", "words"), [("sk-secret\x01more", "no key has"), ("sk-secr\u00e9t", "no key has"), ("", "is not set")]
)
def test_a_key_that_cannot_be_one_is_named_by_its_variable_only(monkeypatch, value, words):
    monkeypatch.setenv("MY_KEY", value)
    with servers.Loopback(servers.says("yes")) as server, pytest.raises(ModelFailure, match=f"MY_KEY .*{words}") as caught:
        model(server, key_env="MY_KEY").generate(PROMPT)
    assert "secr" not in str(caught.value) and server.bodies == []


def test_costs_are_known_from_prices_and_free_at_home():
    far = OpenAI("m", base_url="https://models.example/v1")
    assert not far.priced and not OpenAI("m", input_price=1.0).priced
    assert OpenAI("m", base_url="https://models.example/v1", input_price=1.0, output_price=2.0).priced
    world = Lights()
    episode = dutiful.solve(dutiful.agent("act", far), world.tasks()[0], world, limits=Limits(cost=1.0))
    assert episode.error.kind == "SpecError" and "input_price" in episode.error.message
    with servers.Loopback(servers.says("Paris")) as server:
        assert model(server).priced and model(server).generate(PROMPT).usage.cost == 0
        paid = model(server, input_price=2.0, output_price=10.0, cached_price=0.5)
        assert paid.generate(PROMPT).usage.cost == pytest.approx((6 * 2.0 + 4 * 0.5 + 2 * 10.0) / 1e6)


def test_the_spec_builds_the_model_again():
    spec = "openai/org/my-model?base_url=http://127.0.0.1:8080/v1&input_price=0.1&output_price=0.4&concurrency=8&timeout=30.0&retries=2"
    built = dutiful.model(spec)
    assert built.variant == "org/my-model" and built.concurrency == 8 and built.spec == spec
    assert dutiful.model("openai/my-model").spec == "openai/my-model"
    assert built.versions() == OpenAI("org/my-model", "http://127.0.0.1:8080/v1").versions()


@pytest.mark.parametrize(
    "wrong",
    [
        "openai",
        "openai/m?base_url=127.0.0.1:8080",
        "openai/m?base_url=ftp://host/v1",
        "openai/m?base_url=http://user:pass@host/v1",
        "openai/m?base_url=http://host/v1?api_key=secret",
        "openai/m?base_url=http://[broken/v1",
        "openai/m?how=guess",
        "openai/m?concurrency=0",
        "openai/m?timeout=0",
    ],
)
def test_wrong_specs_say_what_was_expected(wrong):
    with pytest.raises(SpecError) as caught:
        dutiful.model(wrong)
    assert "pass" not in str(caught.value).replace("password", "") and "secret" not in str(caught.value)


def test_embeddings_are_of_unit_length_and_in_order():
    def embeddings(handler, body):
        rows = [{"index": i, "embedding": [len(text), 0.0]} for i, text in enumerate(body["input"])]
        servers.send(handler, 200, json.dumps({"data": rows[::-1]}))

    with servers.Loopback(servers.says(""), others=embeddings) as server:
        assert model(server, embedding="e").embed(["a", "bcd"]).tolist() == [[1.0, 0.0], [1.0, 0.0]]
        with pytest.raises(Unsupported, match="embedding=NAME"):
            model(server).embed(["a"])
    for wrong in (servers.raw('{"data": []}'), servers.status(400, "no embeddings here")):
        with servers.Loopback(servers.says(""), others=wrong) as server, pytest.raises(ModelFailure) as caught:
            model(server, embedding="e").embed(["a"])
        assert type(caught.value) is ModelFailure
    assert model(server, embedding="e").can("embed") and not model(server).can("embed")


# Reading answers


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("open the door", "open the door"),
        ("Open the door.", "open the door"),
        ('I will "open the door" now', "open the door"),
        ("open the door of the hall", "open the door of the hall"),
        ("opening the doors", "open the door"),
        ("either sing or dance", "sing"),
        ("...", None),
    ],
)
def test_the_nearest_option(said, taken):
    options = ["sing", "open the door", "open the door of the hall"]
    index = answers.nearest(said, options)
    assert (None if index is None else options[index]) == taken


@given(st.text(max_size=40), st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_reading_never_breaks_and_an_option_is_nearest_to_itself(said, options):
    index = answers.nearest(said, options)
    assert index is None or 0 <= index < len(options)
    assert answers.read_option(said, options) is None and answers.read_option(said, options, bare=True) in (None, *range(6))
    for option in options:
        place = answers.nearest(option, options)
        assert place is None or answers._words(options[place]) == answers._words(option)
        assert options[answers.read_option(json.dumps({"answer": option}), options)] == option


@given(st.lists(st.floats(-50, 0), min_size=1, max_size=8), st.integers(0, 2**40), st.floats(0.01, 5), st.floats(0.01, 1))
def test_draws_are_places_and_cold_draws_the_best(scores, seed, temperature, top_p):
    assert scores[answers.draw(scores, Sampling(seed=seed))] == max(scores)
    assert 0 <= answers.draw(scores, Sampling(temperature=temperature, top_p=top_p, seed=seed)) < len(scores)
    narrow = answers.draw(scores, Sampling(temperature=temperature, top_p=1e-9, seed=seed))
    assert scores[narrow] == max(scores)


def test_draws_follow_the_probabilities():
    scores = [-1.0, -2.0]
    drawn = sum(answers.draw(scores, Sampling(temperature=1.0, seed=seed)) for seed in range(2000)) / 2000
    assert drawn == pytest.approx(0.269, abs=0.04)  # e^-2 / (e^-1 + e^-2)
