"""Answers kept on disk: asked once, read ever after; a run replays without its model."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from dutiful.core.errors import DutifulError, ModelFailure, SpecError, StoreError
from dutiful.core.model import Choice, Completion, Format, Model, Sampling, Steered
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt, role_of
from dutiful.core.world import World

if TYPE_CHECKING:
    import numpy as np

Answer = TypeVar("Answer", Completion, Choice)

MARK = 0x44554341
"""SQLite's application id of such a file ("DUCA")."""
TABLES = """
CREATE TABLE IF NOT EXISTS models (id INTEGER PRIMARY KEY, spec TEXT NOT NULL, versions TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS answers (model INTEGER NOT NULL, question BLOB NOT NULL, answer BLOB NOT NULL,
    PRIMARY KEY (model, question)) WITHOUT ROWID;
"""


class Cache(Model):
    """`MODEL+cache?path=FILE`: content-addressed by the model's versions, the verb, all spans of the prompt (source, role and
    text), sampling, and constraint or options. At temperature 0 the seed and top_p are left out: they change nothing.

    A hit is the same answer with the tokens and calls it once took, so that limits and tables read the same whether the
    cache is warm or cold; its seconds and its cost are 0. Errors are never kept.

    `cache?path=FILE&replay=true`, after a model or alone, never asks: an answer that is not there is a ModelFailure. Hits
    then count the cost that was paid, so that a run under a cost limit ends where it ended. `of` names the model whose
    answers are meant, where the file holds several (its spec).

    A model that looks at the world when an episode binds it (`scripted` playing the expert) answers from more than its
    prompt; its answers pass through and are not kept, and replaying them is refused.
    """

    card = Card(kind="model", name="cache", summary="keeps another model's answers on disk; replays a run without it")

    def __init__(self, inner: Model | None = None, path: str = "dutiful-cache.db", replay: bool = False, of: str = ""):
        if inner is None and not replay:
            raise SpecError("cache wraps a model (MODEL+cache?path=FILE), or replays one alone (cache?path=FILE&replay=true)")
        if of and not replay:
            raise SpecError(f"cache: of={of!r} names the model of a replay; give replay=true, or leave it out")
        self.inner, self.path, self.replay, self.of = inner, path, replay, of
        self.hits = self.misses = 0
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._model: int | None = None
        if inner is not None:
            self.context, self.priced = inner.context, inner.priced or replay
            self.card = msgspec.structs.replace(self.card, capabilities=inner.card.capabilities)  # type: ignore[misc]

    @property
    def spec(self) -> str:
        return f"{self.inner.spec}+{super().spec}" if self.inner is not None else super().spec

    def versions(self) -> dict[str, Any]:
        """Those of the model inside: the answers are its own."""
        return self.inner.versions() if self.inner is not None else {"spec": self.spec}

    def bind(self, world: World, seed: int) -> Model:
        if self.inner is None:
            return self
        bound = self.inner.bind(world, seed)
        if bound is self.inner:
            return self
        if self.replay:
            raise SpecError(
                f"{self.spec!r}: {self.inner.card.name!r} looks at the world, so its answers are not kept; run it as it is"
            )
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        # A steering function cannot be written down: its name stands for it.
        form = constraint.name if isinstance(constraint, Steered) else constraint
        form = None if constraint is None else [type(constraint).__name__, form]
        question = _question("generate", _spans(prompt), _greedy(sampling), form)
        return self._answer(question, Completion, prompt, lambda model: model.generate(prompt, sampling, constraint))

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        question = _question("choose", _spans(prompt), _greedy(sampling), list(options))
        return self._answer(question, Choice, prompt, lambda model: model.choose(prompt, options, sampling))

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np

        questions = [_question("embed", text) for text in texts]
        found = {text: self._get(question) for text, question in zip(texts, questions, strict=True)}
        missing = [text for text, data in found.items() if data is None]
        if missing or not texts:
            rows = np.asarray(self._ask(f"the embedding of {(missing or [''])[0]!r}").embed(missing), np.float32)
            if not texts:
                return rows
            fresh = dict(zip(missing, rows, strict=True))
            found |= {text: self._put(_question("embed", text), row.tobytes()) for text, row in fresh.items()}
        return np.stack([np.frombuffer(found[text] or b"", np.float32) for text in texts])

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = self._model = None
        if self.inner is not None:
            self.inner.close()

    # Answers

    def _answer(self, question: bytes, kind: type[Answer], prompt: Prompt, ask: Any) -> Answer:
        data = self._get(question)
        if data is None:
            last = prompt[-1].text if prompt else ""
            answer: Answer = ask(self._ask(f"an answer to a prompt that ends in {last[-200:]!r}"))
            kept = _decode(kind, self._put(question, msgspec.msgpack.encode(answer)), self.path)
            # Two threads may have asked the same at once: the answer that was kept first is the answer, the usage is one's own.
            return kept.replace(usage=answer.usage)
        answer = _decode(kind, data, self.path)
        return answer if self.replay else answer.replace(usage=answer.usage.replace(seconds=0.0, cost=0.0))

    def _ask(self, what: str) -> Model:
        """The model to ask on a miss; raises ModelFailure in a replay."""
        if self.replay or self.inner is None:
            raise ModelFailure(
                f"the cache {self.path!r} does not hold {what}: the run differs from the one that was kept "
                "(agent, world, seeds, versions?); run it again with the model and without replay=true"
            )
        return self.inner

    # The file

    def _get(self, question: bytes) -> bytes | None:
        def read(db: sqlite3.Connection, model: int) -> bytes | None:
            row = db.execute("SELECT answer FROM answers WHERE model = ? AND question = ?", (model, question)).fetchone()
            self.hits, self.misses = self.hits + (row is not None), self.misses + (row is None)
            return None if row is None else row[0]

        return self._with_file(read)

    def _put(self, question: bytes, answer: bytes) -> bytes:
        """Keeps an answer, unless there is one by now; returns the one that is kept."""

        def write(db: sqlite3.Connection, model: int) -> bytes:
            db.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (model, question, answer))
            return db.execute("SELECT answer FROM answers WHERE model = ? AND question = ?", (model, question)).fetchone()[0]

        return self._with_file(write)

    def _with_file(self, work: Any) -> Any:
        with self._lock:
            try:
                if self._db is None:
                    self._db = self._open()
                if self._model is None:
                    self._model = self._which(self._db)
                return work(self._db, self._model)
            except sqlite3.Error as error:
                raise StoreError(
                    f"the cache {self.path!r} cannot be used ({error}): another program holds it, the disk is full, or it is "
                    "damaged; it only saves time, so move it away and run again, or name another with path=..."
                ) from error

    def _open(self) -> sqlite3.Connection:
        path = Path(self.path).expanduser()
        if self.replay and not path.is_file():
            raise StoreError(f"there is no cache at {self.path!r} to replay; make one with MODEL+cache?path={self.path}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder of the cache {self.path!r} cannot be made ({error}); name another with path=..."
            ) from error
        still = self.replay and not os.access(path.parent, os.W_OK)  # no place for the files that SQLite keeps beside it
        uri = f"file:{quote(str(path))}?mode={'ro' if self.replay else 'rwc'}{'&immutable=1' if still else ''}"
        db = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            if not self.replay:
                self._lay_out(db)
            if db.execute("PRAGMA application_id").fetchone()[0] != MARK:
                raise StoreError(f"{self.path!r} is a database, but none of this cache; name another file with path=...")
        except BaseException:
            db.close()
            raise
        return db

    def _lay_out(self, db: sqlite3.Connection) -> None:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA application_id = {MARK}")
        if db.execute("PRAGMA application_id").fetchone()[0] == MARK:
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(TABLES)

    def _which(self, db: sqlite3.Connection) -> int:
        """The number of the model whose answers are meant."""
        versions = self._inner_versions()
        if versions is not None:
            known = db.execute("SELECT id FROM models WHERE versions = ?", (versions,)).fetchone()
            if known is None and not self.replay:
                assert self.inner is not None, "without a model there is only replay"
                db.execute("INSERT OR IGNORE INTO models (spec, versions) VALUES (?, ?)", (self.inner.spec, versions))
                known = db.execute("SELECT id FROM models WHERE versions = ?", (versions,)).fetchone()
            if known is not None:
                return known[0]
        spec = self.of or (self.inner.spec if self.inner is not None else "")
        rows = db.execute("SELECT id, spec FROM models").fetchall()
        meant = [number for number, name in rows if not spec or name == spec]
        if len(meant) == 1 and versions is None:
            return meant[0]
        held = ", ".join(sorted({name for _, name in rows})) or "none"
        why = "in another version" if meant and versions else "more than once" if meant else "not at all"
        raise StoreError(
            f"the cache {self.path!r} holds {spec or 'the model'} {why}; it holds: {held}; "
            "name one with of=SPEC, or replay with the model before the cache"
        )

    def _inner_versions(self) -> str | None:
        """The model's versions as text; None where a replay goes by the name: with `of`, or with a model that cannot load."""
        if self.inner is None or self.of:
            return None
        try:
            return msgspec.json.encode(self.inner.versions(), order="sorted").decode()
        except (DutifulError, ImportError, OSError):
            if self.replay:
                return None
            raise


def _spans(prompt: Prompt) -> list[tuple[int, str, str]]:
    return [(int(span.source), role_of(span), span.text) for span in prompt]


def _greedy(sampling: Sampling) -> Sampling:
    """The sampling without what does not matter to it."""
    return sampling.replace(temperature=0.0, seed=0, top_p=1.0) if sampling.temperature <= 0 else sampling


def _question(*parts: Any) -> bytes:
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).digest()


def _decode(kind: type[Answer], data: bytes, path: str) -> Answer:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise StoreError(f"the cache {path!r} holds a damaged answer ({error}); move the file away and run again") from error
