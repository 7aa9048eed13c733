"""Any server that speaks the OpenAI protocol: vLLM, llama.cpp's server, Ollama, hosted ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from dutiful.core.errors import FormatFailure, ModelFailure, SpecError
from dutiful.core.model import Choice, Choices, Completion, Format, Grammar, JsonSchema, Model, Sampling, Steered
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import NOTHING, Json, Source, Span, Usage
from dutiful.kit.retry import Backoff
from dutiful.models.openai import answers

if TYPE_CHECKING:
    import numpy as np

    from dutiful.models.openai.client import Client
    from dutiful.models.openai.scoring import EchoServer, LlamaServer, Scores

OPTIONAL = {"logprobs", "seed", "stop", "max_tokens"}
"""Fields that a request can do without or write in another way, once the server has refused them."""
WAYS = ("auto", "logprobs", "constrained", "text")


class Reply(NamedTuple):
    """What came back. `rung`: the field that bound the answer to a schema, "" for free text."""

    completion: Completion
    rung: str


class OpenAI(Model):
    """`openai/NAME?base_url=...`: chat completions of the model NAME.

    The key is read from the environment (`key_env` names the variable) and is never part of a spec, store, log or error.
    A server on this machine (loopback) costs nothing; else the cost is known only where both prices are given.
    Errors: ModelFailure, once `retries` further attempts (waits of `backoff` seconds, doubled each time) have failed;
    RateLimited where that was for its limits.

    base_url: up to and with the version, mostly `/v1`. input_price, output_price, cached_price: US dollars a million
    tokens; cached_price is that of input where it is not given. concurrency: requests under way at most; how many there
    are in fact adapts to the server. timeout: seconds an attempt. context: tokens that fit. embedding: name of the model
    that embeds. omit: fields never to send, joined by commas, where a model takes no `temperature`, say.
    how: how options are chosen. "auto" takes the first that the server can do of "logprobs" (exact scores: llama.cpp's
    server, or one that tokenizes chats and echoes log-probabilities), "constrained" (JSON schema, else a forced tool
    call), "text" (a free answer, taken for the nearest option).

    What a server can do is learnt by asking: a field that it refuses is remembered and not sent again. A schema that
    nothing enforces ends in free text, which the reader of the answer has to check, as ours do.
    """

    card = Card(
        kind="model",
        name="openai",
        summary="any OpenAI-compatible server: hosted, vLLM, llama.cpp, Ollama",
        capabilities=frozenset({"logprobs", "choose", "json"}),
        needs=("openai",),
    )

    def __init__(
        self,
        variant: str = "",
        base_url: str = "https://api.openai.com/v1",
        key_env: str = "OPENAI_API_KEY",
        input_price: float | None = None,
        output_price: float | None = None,
        cached_price: float | None = None,
        concurrency: int = 64,
        timeout: float = 60.0,
        retries: int = 6,
        backoff: float = 0.5,
        context: int = 1 << 17,
        logprobs: bool = True,
        embedding: str = "",
        how: str = "auto",
        omit: str = "",
    ):
        from dutiful.models.openai.client import Client, is_loopback

        if not variant:
            raise SpecError("openai: which model? Write openai/NAME, with the name that the server knows it by")
        if concurrency < 1 or timeout <= 0 or retries < 0 or backoff < 0:
            raise SpecError(
                f"openai: concurrency={concurrency}, timeout={timeout}, retries={retries}, backoff={backoff}; "
                "expected at least 1, more than 0, 0 or more, 0 or more"
            )
        if how not in WAYS:
            raise SpecError(f"openai: how={how!r}, expected one of {', '.join(WAYS)}")
        self.variant, self.base_url, self.key_env = variant, base_url, key_env
        self.input_price, self.output_price, self.cached_price = input_price, output_price, cached_price
        self.concurrency, self.timeout, self.retries, self.backoff = concurrency, timeout, retries, backoff
        self.context, self.logprobs, self.embedding, self.how, self.omit = context, logprobs, embedding, how, omit
        self.priced = is_loopback(base_url) or (input_price is not None and output_price is not None)
        if embedding:
            self.card = msgspec.structs.replace(self.card, capabilities=self.card.capabilities | {"embed"})  # type: ignore[misc]
        patience = Backoff(retries, backoff, max(30.0, backoff))
        self._client: Client = Client(f"openai/{variant}", base_url, key_env, timeout, concurrency, patience)
        self._lock = threading.Lock()
        self._refused: set[str] = set(filter(None, (field.strip() for field in omit.split(","))))
        self._kept: set[str] = set()
        self._looking = threading.Lock()
        self._found: tuple[LlamaServer | EchoServer | None] | None = None

    def versions(self) -> dict[str, Any]:
        """What is known of a server from outside; that its weights stay the same is the operator's promise."""
        asked = dict(model=self.variant, base_url=self.base_url, how=self.how, omit=self.omit, embedding=self.embedding)
        return {"engine": "openai", **{name: value for name, value in asked.items() if value}}

    def close(self) -> None:
        self._client.close()

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        if isinstance(constraint, Grammar):
            self._cannot("decode by a grammar")
        if isinstance(constraint, Steered):
            self._cannot("steer")
        if isinstance(constraint, Choices):
            index, _, completion = self._constrained(prompt, sampling, constraint.options)
            return completion.replace(text=constraint.options[index])
        began = time.monotonic()
        schema = constraint.schema if isinstance(constraint, JsonSchema) else None
        completion = self._chat(prompt, sampling, _rungs(schema), lambda _, text: answers.is_json(text)).completion
        return completion.replace(usage=self._bill(completion.usage, began))

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        options = _options(options)
        began = time.monotonic()
        if self.how in ("auto", "logprobs") and (scored := self._scores(prompt, options)) is not None:
            values, usage = scored
            index = answers.draw(values, sampling)
            return Choice(index, "logprobs", values, self._bill(usage, began))
        if self.how == "logprobs":
            self._cannot("score options: the server gives no log-probabilities for given answers; use how=auto")
        index, how, completion = self._constrained(prompt, sampling, options)
        return Choice(index, how, usage=completion.usage)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if not self.embedding:
            self._cannot("embed: name the model that does (embedding=NAME)")
        import numpy as np

        from dutiful.models.openai.client import Refused

        if not texts:
            return np.zeros((0, 0), np.float32)
        body = {"model": self.embedding, "input": list(texts)}
        try:
            answer = self._client.post("/embeddings", body, check=answers.no_rows(len(texts)))
        except Refused as refused:
            raise refused.plain() from refused
        vectors = np.array([row["embedding"] for row in sorted(answer["data"], key=lambda row: row["index"])], np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)

    # How an answer is asked for

    def _constrained(self, prompt: Prompt, sampling: Sampling, options: Sequence[str]) -> tuple[int, str, Completion]:
        """The place of an option, how it was got ("constrained" or "text"), and the completion with what all of it took."""
        options, began = _options(options), time.monotonic()
        room = sampling.replace(max_tokens=max(sampling.max_tokens, 16 + max(map(len, options))), stop=())
        listed = prompt if all(option in prompt.text for option in options) else prompt + (_listing(options),)
        rungs = {"": Json()} if self.how == "text" else self._rungs_of_options(options)

        def read(rung: str, text: str) -> int | None:
            return answers.read_option(text, options, rung == "grammar") if rung else answers.nearest(text, options)

        completion, rung = self._chat(prompt, room, rungs, lambda rung, text: read(rung, text) is not None, listed)
        index, how = read(rung, completion.text), "constrained" if rung else "text"
        if index is None:  # white space without end, say: what was said before it still counts
            index, how = answers.nearest(completion.text, options), "text"
        if index is None:
            raise FormatFailure(completion.text, "the answer is none of the options")
        return index, how, completion.replace(usage=self._bill(completion.usage, began))

    def _rungs_of_options(self, options: Sequence[str]) -> dict[str, Json]:
        """The means to hold an answer to options: where a grammar can be had, it wastes no tokens on JSON and white space."""
        scorer = self._scorer()
        grammar = scorer.grammar(options) if scorer else None
        return ({"grammar": {"grammar": grammar}} if grammar else {}) | _rungs(answers.options_schema(options))

    def _chat(
        self,
        prompt: Prompt,
        sampling: Sampling,
        rungs: dict[str, Json],
        fits: Callable[[str, str], bool],
        free: Prompt | None = None,
    ) -> Reply:
        """Asks, with the first means that the server has to hold the answer to a form; without any, by the prompt `free`.

        fits: whether the means, by its name, led to this text; where it did not, the server took it and ignored it.
        """
        from dutiful.models.openai.client import Refused

        usage, doubtful = NOTHING, []
        for rung, fields in rungs.items():
            if not self._refused.isdisjoint((rung, _mark(fields))):
                continue
            try:
                completion = self._request(prompt if rung else free or prompt, sampling, fields)
            except Refused as refused:
                if not rung or refused.field not in ("", rung):
                    raise refused.plain() from refused
                if refused.field:
                    self._remember(rung, fields)
                else:
                    doubtful.append(rung)  # nothing is named: it was this, if it goes without
                continue
            usage += completion.usage
            if rung and completion.finish == "stop" and not fits(rung, completion.text):
                doubtful.append(rung)  # taken and ignored
                continue
            for doubted in doubtful:
                self._remember(doubted, rungs[doubted])
            with self._lock:
                self._kept.add(rung)
            return Reply(completion.replace(usage=usage), rung)
        raise AssertionError("the last rung is free text")

    def _remember(self, rung: str, fields: Json) -> None:
        """That the server does not do this; where it has done it before, only that it does not take this one."""
        with self._lock:
            self._refused.add(_mark(fields) if rung in self._kept else rung)

    def _request(self, prompt: Prompt, sampling: Sampling, fields: Json) -> Completion:
        """One chat completion; optional fields that the server refuses are left out and remembered."""
        from dutiful.models.openai.client import Refused
        from dutiful.models.openai.scoring import chat, usage_of

        messages = chat(prompt.messages())
        while True:
            body = self._body(messages, sampling) | fields
            try:
                answer = self._client.post("/chat/completions", body, check=answers.no_reply)
                break
            except Refused as refused:
                if refused.field not in OPTIONAL & body.keys():
                    raise
                with self._lock:
                    self._refused.add(refused.field)
        text, finish, logprob = answers.read_reply(answer)
        if finish == "content_filter":
            raise ModelFailure(f"{self._client.name}: the server's content filter withheld the answer; change the instruction")
        if "stop" in self._refused and (kept := answers.cut(text, sampling.stop)) != text:
            text, finish, logprob = kept, "stop", None
        usage = usage_of(answer)
        if not answer.get("usage"):  # some servers count nothing; four characters a token is the usual estimate
            usage = Usage(len(prompt.text) // 4, 0, len(text) // 4)
        return Completion(answers.unfenced(text) if fields else text, usage, "length" if finish == "length" else "stop", logprob)

    def _body(self, messages: list[dict[str, str]], sampling: Sampling) -> Json:
        body: Json = {
            "model": self.variant,
            "messages": messages,
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "seed": sampling.seed & 0x7FFFFFFF,  # the largest that all servers take
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if sampling.temperature > 0:
            scorer = self._scorer()
            body |= {"top_p": sampling.top_p} | (scorer.whole if scorer else {})
        if self.logprobs:
            body["logprobs"] = True
        if "max_tokens" in self._refused and "max_tokens" not in self.omit:
            body["max_completion_tokens"] = sampling.max_tokens
        return {field: value for field, value in body.items() if field not in self._refused}

    def _scorer(self) -> LlamaServer | EchoServer | None:
        """What gives exact scores at this server, found out once."""
        from dutiful.models.openai.scoring import find_scorer

        with self._looking:
            if self._found is None:
                self._found = (find_scorer(self._client, self.variant),)
            return self._found[0]

    def _scores(self, prompt: Prompt, options: Sequence[str]) -> Scores | None:
        """Exact scores, or None where the server has none for these options."""
        from dutiful.models.openai.client import Refused
        from dutiful.models.openai.scoring import Inexact, chat

        if (scorer := self._scorer()) is None:
            return None
        try:
            return scorer.score(chat(prompt.messages()), options)
        except Inexact:
            return None
        except Refused:
            self._found = (None,)
            return None

    def _bill(self, usage: Usage, began: float) -> Usage:
        """The tokens of one question, with its time and price."""
        price_in, price_out = self.input_price or 0.0, self.output_price or 0.0
        price_cached = price_in if self.cached_price is None else self.cached_price
        fresh = usage.prompt_tokens - usage.cached_tokens
        cost = (fresh * price_in + usage.cached_tokens * price_cached + usage.completion_tokens * price_out) / 1e6
        return usage.replace(calls=1, seconds=time.monotonic() - began, cost=cost)


def _options(options: Sequence[str]) -> list[str]:
    if not options:
        raise ModelFailure("there is nothing to choose from: no options")
    return list(options)


def _listing(options: Sequence[str]) -> Span:
    return Span(Source.SYSTEM, "Answer with one of these, word for word: " + "; ".join(options), role="user")


def _mark(fields: Json) -> str:
    return msgspec.json.encode(fields, order="sorted").decode()


def _rungs(schema: Json | None) -> dict[str, Json]:
    """The means to hold an answer to a schema, best first, by the field that a server would refuse; then none."""
    if schema is None:
        return {"": {}}
    function = {"name": "answer", "description": "Gives the answer.", "parameters": schema, "strict": True}
    return {
        "response_format": {
            "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}
        },
        "tools": {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": "answer"}},
        },
        "": {},
    }
