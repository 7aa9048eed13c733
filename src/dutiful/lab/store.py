"""The store: every episode of every run, in one SQLite file.

An episode is written as it ends. One thread writes: it takes all that waits, commits it together, and only then says that
it is kept, so a process killed at any moment loses nothing that was said to be kept. Light rows (`Row`) are read without
decoding; the whole episode lies compressed in a table of its own, its pictures in another under their hashes.

What the rest of the lab uses is small enough for another database behind it: begin, submit, finish, runs, run, episodes,
episode.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import zlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import msgspec

from dutiful.core.errors import DutifulError, StoreError
from dutiful.core.records import Episode, Json, read_episode
from dutiful.lab.blobs import put_back
from dutiful.lab.lock import RunLock
from dutiful.lab.rows import Cell, Row, RunInfo
from dutiful.lab.writer import Kept, Writer

SCHEMA = 1
"""Version of the tables. Raised when an older version of the library could no longer read them."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, created REAL NOT NULL, finished REAL,
    cells INTEGER NOT NULL, config TEXT NOT NULL);
CREATE TABLE episodes (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(id),
    world TEXT NOT NULL, agent TEXT NOT NULL, model TEXT NOT NULL, seed INTEGER NOT NULL, place INTEGER NOT NULL,
    task TEXT NOT NULL, split TEXT NOT NULL, kind TEXT NOT NULL, instruction TEXT NOT NULL,
    passed INTEGER, score REAL, steps INTEGER NOT NULL, ended TEXT NOT NULL, error TEXT NOT NULL, message TEXT NOT NULL,
    attempts INTEGER NOT NULL, format_failures INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    calls INTEGER NOT NULL, cost REAL NOT NULL, seconds REAL NOT NULL, started REAL NOT NULL,
    UNIQUE (run, world, agent, model, seed, place));
CREATE INDEX by_outcome ON episodes (run, error, passed);
CREATE INDEX by_task ON episodes (run, task);
CREATE TABLE bodies (id INTEGER PRIMARY KEY REFERENCES episodes(id), body BLOB NOT NULL);
CREATE TABLE blobs (hash BLOB PRIMARY KEY, data BLOB NOT NULL);
"""

_COLUMNS = ", ".join("e." + name if name != "run" else "r.name" for name in Row._fields)
_FILTERS = ("world", "agent", "model", "seed", "place", "task", "split", "kind", "passed", "error", "ended")


class Store:
    """A store at a path; made when it is not there, unless `create` is False.

    Safe to use from many threads, and from several processes at once. Raises StoreError, naming the file and the way out,
    when the file is damaged, is something else, or was written by another version of the tables.
    """

    def __init__(self, path: str | Path, create: bool = True):
        if "://" in str(path):
            raise StoreError(f"{path}: a store is an SQLite file so far; give a path, such as runs.sqlite")
        self.path = Path(path)
        self._lock = threading.RLock()
        self._writer: Writer | None = None
        if self.path.is_dir():
            raise StoreError(f"{self.path} is a folder; a store is a file, such as {self.path / 'runs.sqlite'}")
        if not self.path.exists():
            if not create:
                raise StoreError(f"there is no store at {self.path}: check the path, or make one with `dutiful eval`")
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._guarded():
            self._db = self._connect()
            try:
                self._check(create)
            except BaseException:
                self._db.close()
                raise

    # Opening and closing

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=60, isolation_level=None, check_same_thread=False, cached_statements=64)
        db.execute("PRAGMA busy_timeout = 60000")
        db.execute("PRAGMA synchronous = NORMAL")
        return db

    def _check(self, create: bool) -> None:
        """Makes the tables in an empty file; in any other, they must be there and of this version."""
        names = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not names and create:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("BEGIN IMMEDIATE")
            if not self._db.execute("SELECT 1 FROM sqlite_master").fetchone():  # another process may have been faster
                for statement in filter(None, map(str.strip, _TABLES.split(";"))):
                    self._db.execute(statement)
                self._db.execute("INSERT INTO meta VALUES ('store', 'dutiful'), ('schema', ?)", (str(SCHEMA),))
            self._db.execute("COMMIT")
            return
        meta: dict[str, str] = {}
        if "meta" in names:
            meta = {str(row[0]): str(row[1]) for row in self._db.execute("SELECT * FROM meta")}
        if meta.get("store") != "dutiful":
            raise StoreError(f"{self.path} is a database of something else, not a store of dutiful: give another path")
        if meta.get("schema") != str(SCHEMA):
            way = "upgrade dutiful" if int(meta.get("schema", 0)) > SCHEMA else "read it with the version that wrote it"
            raise StoreError(f"{self.path} has tables of version {meta.get('schema')}, this dutiful reads {SCHEMA}: {way}")

    @contextmanager
    def _guarded(self) -> Generator[None]:
        """What SQLite says, in words that name the file and the way out."""
        try:
            with self._lock:
                yield
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path} cannot be used ({error}): check that the disk has room and allows writing") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self.path} is damaged or no store ({error}): put back a copy, or save what can be read with "
                f"`sqlite3 {self.path} .recover | sqlite3 saved.sqlite`, or move the file away and start anew"
            ) from error

    def close(self) -> None:
        """Waits for what is being written, then lets go of the file; may be called twice."""
        with self._lock:
            writer, self._writer = self._writer, None
        try:
            if writer:
                writer.close()
        finally:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # Writing

    def begin(self, name: str, config: Json, cells: int) -> RunInfo:
        """A new run; raises StoreError when the name is taken."""
        with self._guarded():
            try:
                self._db.execute(
                    "INSERT INTO runs (name, state, created, cells, config) VALUES (?, 'running', ?, ?, ?)",
                    (name, time.time(), cells, msgspec.json.encode(config).decode()),
                )
            except sqlite3.IntegrityError as error:
                raise StoreError(f"{self.path} has a run called {name!r} already: resume it, or give another name") from error
        return self.run(name)

    def mark(self, run: RunInfo, state: str) -> None:
        """Notes whether a run goes on ("running"), was stopped ("interrupted") or has all of its cells ("finished")."""
        finished = time.time() if state == "finished" else None
        with self._guarded():
            self._db.execute("UPDATE runs SET state = ?, finished = ? WHERE id = ?", (state, finished, run.id))

    def lock(self, run: RunInfo) -> RunLock:
        """Held while a run goes on, so that no second process runs the same cells; let go by the system if this one dies."""
        return RunLock(Path(f"{self.path}.lock{run.id}"), run.name)

    def submit(self, run: RunInfo, cell: Cell, episode: Episode, then: Kept | None = None) -> None:
        """Hands an episode to the writer; `then` is called with its row, in the writer's thread, once it is kept.

        An episode of a cell that ended in error before is replaced by the new one; a cell with a verdict is never
        written twice. Raises StoreError when an earlier write failed.
        """
        self._writing().submit(run, cell, episode, then)

    def add(self, run: RunInfo, cell: Cell, episode: Episode) -> Row:
        """Keeps an episode and returns its row once it is kept; raises StoreError when its cell has a verdict already."""
        rows: list[Row] = []
        refused: list[StoreError] = []
        self._writing().submit(run, cell, episode, rows.append, refused.append)
        self.flush()
        if refused:
            raise refused[0]
        return rows[0]

    def _writing(self) -> Writer:
        with self._lock:
            if self._writer is None:
                self._writer = Writer(self.path, self._connect)
            return self._writer

    def flush(self) -> None:
        """Returns when all that was submitted is kept; raises StoreError if it could not be."""
        with self._lock:
            writer = self._writer
        if writer:
            writer.flush()

    # Reading

    def runs(self) -> list[RunInfo]:
        """All runs, latest first."""
        return self._runs("ORDER BY id DESC")

    def run(self, name: str | None = None) -> RunInfo:
        """A run by its name or a unique beginning of it; the latest when none is given. Raises StoreError."""
        if name is None:
            found = self._runs("ORDER BY id DESC LIMIT 1")
            if not found:
                raise StoreError(f"{self.path} holds no runs yet: make one with `dutiful eval`")
            return found[0]
        pattern = "".join(f"[{c}]" if c in "*?[" else c for c in name) + "*"
        found = self._runs("WHERE name GLOB ? ORDER BY id DESC", pattern)
        exact = [run for run in found if run.name == name]
        if len(found) == 1 or exact:
            return (exact or found)[0]
        if found:
            raise StoreError(f"{name!r} may be any of {', '.join(run.name for run in found[:8])}: give more of the name")
        known = ", ".join(run.name for run in self._runs("ORDER BY id DESC LIMIT 8")) or "none"
        raise StoreError(f"{self.path} has no run called {name!r}; there are: {known}")

    def _runs(self, clause: str, *values: Any) -> list[RunInfo]:
        with self._guarded():
            runs = self._db.execute(f"SELECT id, name, state, created, finished, cells, config FROM runs {clause}", values)
            infos: list[RunInfo] = []
            for *fields, config in runs.fetchall():
                counts = self._db.execute(
                    "SELECT COUNT(*) FILTER (WHERE error = ''), COUNT(*) FILTER (WHERE error != '') FROM episodes WHERE run = ?",
                    (fields[0],),
                ).fetchone()
                infos.append(RunInfo._make((*fields, msgspec.json.decode(config), *counts)))
            return infos

    def episodes(self, run: RunInfo | str | None = None, **filters: Any) -> list[Row]:
        """The light rows of a run (the latest, when none is given), in the order of their cells.

        Filters are values of columns: world, agent, model, seed, place, task, split, kind, passed, error, ended. A list
        of values means any of them.
        """
        info = run if isinstance(run, RunInfo) else self.run(run)
        where, values = ["e.run = ?"], [info.id]
        for name, value in filters.items():
            if name not in _FILTERS:
                raise StoreError(f"episodes cannot be filtered by {name!r}; there are: {', '.join(_FILTERS)}")
            wanted = list(cast(Iterable[Any], value)) if isinstance(value, list | tuple | set) else [value]
            where.append(f"e.{name} IN ({', '.join('?' * len(wanted))})")
            values += wanted
        order = "e.seed, e.place, e.world, e.agent, e.model"
        return self._rows(f"WHERE {' AND '.join(where)} ORDER BY {order}", *values)

    def row(self, id: int) -> Row:
        """The light row of an episode by its number; raises StoreError."""
        rows = self._rows("WHERE e.id = ?", id)
        if not rows:
            raise StoreError(f"{self.path} has no episode {id}; `dutiful show RUN` lists those of a run")
        return rows[0]

    def _rows(self, clause: str, *values: Any) -> list[Row]:
        with self._guarded():
            found = self._db.execute(f"SELECT {_COLUMNS} FROM episodes e JOIN runs r ON r.id = e.run {clause}", values).fetchall()
        at = Row._fields.index("passed")
        rows: list[Row] = []
        for fields in found:  # SQLite has no truth values
            passed = None if fields[at] is None else bool(fields[at])
            rows.append(Row._make((*fields[:at], passed, *fields[at + 1 :])))
        return rows

    def episode(self, id: int | Row) -> Episode:
        """A whole episode, exactly as it was written; raises StoreError when there is none or it is damaged."""
        number = id.id if isinstance(id, Row) else id
        with self._guarded():
            found = self._db.execute("SELECT body FROM bodies WHERE id = ?", (number,)).fetchone()
        if not found:
            raise StoreError(f"{self.path} has no episode {number}; `dutiful show RUN` lists those of a run")
        try:
            return put_back(read_episode(zlib.decompress(found[0])), self._blob)
        except (zlib.error, DutifulError) as error:
            raise StoreError(f"episode {number} of {self.path} cannot be read: {error}") from error

    def _blob(self, digest: bytes) -> bytes:
        with self._guarded():
            found = self._db.execute("SELECT data FROM blobs WHERE hash = ?", (digest,)).fetchone()
        if not found:
            raise StoreError(f"the array {digest.hex()[:12]} is missing")
        return zlib.decompress(found[0])
