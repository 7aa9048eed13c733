"""The connection: JSON in, JSON out, asked again where that helps, and an error with a way out where it does not."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from dutiful.core.errors import ModelFailure, RateLimited, SpecError
from dutiful.kit.retry import Again, Backoff, Gate, Window, ask, retry_after

GARBLED = 2
"""How often nonsense, silence, and a server that never answered yet are asked again: seldom worth more."""
PATIENT = (408, 425, 429, 502, 503, 504, 529)
"""Statuses of a server that has no time now; a 500 may also be its way to say no."""
SPENT = ("insufficient_quota", "billing")


Check = Callable[[dict[str, Any]], str]


class Refused(ModelFailure):
    """The server refuses a request as it stands (400, 422); `field` is the top-level field that it names, if any."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field

    def plain(self) -> ModelFailure:
        """The failure that it is for everyone outside."""
        return ModelFailure(str(self))


class Client:
    """Thread-safe. The key is read from the environment for each request; it is kept nowhere and cut out of every message.

    timeout: seconds for one attempt, from the request to the last byte of the answer.
    """

    def __init__(self, name: str, base_url: str, key_env: str, timeout: float, concurrency: int, backoff: Backoff):
        self.name, self.key_env, self.timeout, self.backoff = name, key_env, timeout, backoff
        self.base = base_url.rstrip("/")
        self.loopback = is_loopback(base_url)
        self.gate = Gate(Window(concurrency))
        self._answered = False
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None
        self._connections = concurrency

    @property
    def root(self) -> str:
        """The server's root, where servers keep what is not of the OpenAI protocol."""
        return self.base.removesuffix("/v1")

    def post(
        self, path: str, body: dict[str, Any], root: bool = False, curious: bool = False, check: Check | None = None
    ) -> dict[str, Any]:
        """The JSON object that answers a JSON object; raises Refused, RateLimited or ModelFailure.

        curious: it is only to be seen whether the server knows this; where it does not, the answer is {}.
        check: says what is wrong with an answer that is JSON and yet none; it is asked again a little, then a failure.
        """
        url = (self.root if root else self.base) + path
        return ask(lambda: self._once(url, body, curious, check), self.gate, self.backoff)

    def close(self) -> None:
        with self._lock:
            if self._http is not None:
                self._http.close()
                self._http = None

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                limits = httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections)
                timeout = httpx.Timeout(self.timeout, connect=min(self.timeout, 10.0), pool=None)
                # A proxy of the environment is for the world outside, never for this machine. Without TLS there are no
                # certificates to check, and reading them takes longer than many an answer.
                secure = self.base.lower().startswith("https:")
                self._http = httpx.Client(limits=limits, timeout=timeout, trust_env=not self.loopback, verify=secure)
            return self._http

    def _key(self) -> str:
        key = os.environ.get(self.key_env, "").strip()
        if not key and self.key_env != "OPENAI_API_KEY":
            raise ModelFailure(f"{self.name}: the variable {self.key_env} is not set; export it with the server's key")
        if not (key.isascii() and key.isprintable()):
            raise ModelFailure(f"{self.name}: the variable {self.key_env} holds characters that no key has; set it again")
        return key

    def _once(self, url: str, body: dict[str, Any], curious: bool, check: Check | None) -> dict[str, Any]:
        key = self._key()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        deadline = time.monotonic() + self.timeout
        try:
            with self._client().stream("POST", url, json=body, headers=headers) as response:
                data = bytearray()
                for chunk in response.iter_bytes():
                    data += chunk
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the answer drips in too slowly")
        except httpx.TimeoutException as error:
            raise self._again(
                f"no answer from {url} within {self.timeout:g} s; raise timeout=... or see what it does", GARBLED
            ) from error
        except httpx.ConnectError as error:
            few = None if self._answered else GARBLED
            raise self._again(f"cannot reach {self.base} ({error}); is the server up, and base_url right?", few) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self._again(f"the answer of {url} broke off ({error}); look at the server's log") from error
        self._answered = True
        text = bytes(data).decode("utf-8", "replace")
        if curious and (response.status_code not in (*range(200, 300), *PATIENT) or not text.lstrip().startswith("{")):
            return {}
        if not response.is_success:
            raise self._status(response, text, body, key)
        try:
            answer = json.loads(text)
        except ValueError as error:
            begun = text.lstrip()[:1] in ("{", "[")
            what = "broke off" if begun else "is no JSON"
            message = f"the answer of {url} {what}: {clean(text, key)!r}; does base_url lead to the API (it mostly ends in /v1)?"
            raise self._again(message, None if begun else GARBLED) from error
        if not isinstance(answer, dict):
            raise self._again(f"the answer of {url} is no JSON object: {clean(text, key)!r}", GARBLED)
        if check is not None and (wrong := check(answer)):
            raise self._again(f"the answer of {url} {wrong}: {clean(text, key)!r}; is it an OpenAI-compatible API?", GARBLED)
        return answer

    def _again(self, message: str, retries: int | None = None) -> Again:
        return Again(ModelFailure(f"{self.name}: {message}"), "server", retries=retries)

    def _status(self, response: httpx.Response, text: str, body: dict[str, Any], key: str) -> Exception:
        """The exception for an answer that is no success."""
        status, after = response.status_code, retry_after(response.headers.get("retry-after"))
        said, named = complaint(text)
        start = f"{self.name}: HTTP {status} from {response.url.copy_with(query=None)}: {clean(said, key)!r}"
        if status == 429:
            if any(word in text for word in SPENT):
                return ModelFailure(f"{start}; the account's quota is spent: no waiting helps")
            return Again(RateLimited(f"{start}; lower concurrency=... or wait", after), "limited", after)
        if status == 500 or status in PATIENT:
            return Again(ModelFailure(f"{start}; the server is in trouble: see its log, or try later"), "server", after)
        if status in (400, 403, 422) and (field := culprit(said, named, body)):
            return Refused(f"{start}; leave the field out with omit={field}", field)
        if status in (400, 422):
            return Refused(f"{start}; the request does not suit this server or model")
        ways = {
            401: f"set the variable {self.key_env} to a valid key" if key else f"export the key as {self.key_env}",
            403: "this key may not use this model",
            404: f"no model {body.get('model')!r}, or no API at this base_url (it mostly ends in /v1)",
        }
        return ModelFailure(f"{start}; {ways.get(status, 'see the documentation of the server')}")


def is_loopback(base_url: str) -> bool:
    """Whether a URL leads to this machine; raises SpecError for what is no plain http(s) address."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SpecError(
            f"openai: a base_url that cannot be read ({error}); expected something like http://127.0.0.1:8080/v1"
        ) from None
    if parts.username or parts.password or parts.query:
        raise SpecError(
            "openai: base_url carries a user, a password or a query; keys come from the environment alone (key_env=NAME)"
        )
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise SpecError(f"openai: base_url is {base_url!r}, expected something like http://127.0.0.1:8080/v1")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def clean(text: str, key: str) -> str:
    """At most 200 characters of what a server said, on one line, without the key."""
    if key:
        text = text.replace(key, "[key]")
    return " ".join(text.split())[:200]


def complaint(text: str) -> tuple[str, str]:
    """What an error's body says, and the field it names: OpenAI's, FastAPI's and plain forms."""
    try:
        body = json.loads(text)
    except ValueError:
        return text, ""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error), ""
    detail = error.get("detail")
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        place = [str(part) for part in detail[0].get("loc", ()) if part != "body"]
        return str(detail[0].get("msg", detail)), place[0] if place else ""
    said = next((str(error[name]) for name in ("message", "msg", "detail", "error") if error.get(name)), text)
    return said, str(error.get("param") or "")


FIELDS = {
    "response_format": ("response_format", "json_schema", "json schema", "structured output"),
    "tools": ("tools", "tool_choice", "tool choice", "function calling"),
    "logprobs": ("logprobs", "top_logprobs"),
    "logit_bias": ("logit_bias",),
    "grammar": ("grammar",),
    "max_tokens": ("max_tokens", "max_completion_tokens"),
    "seed": ("seed",),
    "stop": ("'stop'", '"stop"', "`stop`", "stop sequence", "stop parameter"),
    "top_p": ("top_p",),
    "temperature": ("temperature",),
}


def culprit(said: str, named: str, body: dict[str, Any]) -> str:
    """The field of the request that a refusal is about, as far as it can be told; "" if it cannot."""
    named = re.split(r"[.\[]", named, maxsplit=1)[0]
    said = said.lower()
    for field, words in FIELDS.items():
        if field in body and (named == field or named in words if named else any(word in said for word in words)):
            return field
    return ""
