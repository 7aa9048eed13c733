"""The one thread that writes into a store."""

from __future__ import annotations

import queue
import sqlite3
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from dutiful.core.errors import StoreError
from dutiful.core.records import Episode, Failure, Instruction, Task, write_episode
from dutiful.lab.blobs import put_aside
from dutiful.lab.rows import Cell, Row, RunInfo, row_of

Kept = Callable[[Row], None]
"""Told of an episode once it is kept."""

BATCH = 256
"""Episodes in one commit at most, so that none waits long for the others."""
WAITING = 2048
"""Episodes that may wait to be written before `submit` blocks: what bounds the memory of a fast run."""

_FIELDS = Row._fields[1:]
_INSERT = (
    f"INSERT INTO episodes ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))}) "
    "ON CONFLICT (run, world, agent, model, seed, place) DO UPDATE SET attempts = attempts + 1, "
    + ", ".join(f"{name} = excluded.{name}" for name in _FIELDS if name not in ("run", "attempts"))
    + " WHERE error != '' RETURNING id, attempts"
)


class _Entry(NamedTuple):
    run: RunInfo
    cell: Cell
    episode: Episode
    then: Kept | None
    refused: Callable[[StoreError], None] | None


class _Encoded(NamedTuple):
    entry: _Entry
    episode: Episode
    body: bytes
    blobs: dict[bytes, bytes]


class Writer:
    """Takes episodes from any thread and commits all that wait together, so that a commit costs each of them little."""

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]):
        self._path, self._connect = path, connect
        self._queue: queue.Queue[_Entry | threading.Event | None] = queue.Queue(WAITING)
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._write, name="dutiful-writer", daemon=True)
        self._thread.start()

    def submit(
        self,
        run: RunInfo,
        cell: Cell,
        episode: Episode,
        then: Kept | None = None,
        refused: Callable[[StoreError], None] | None = None,
    ) -> None:
        """Queues an episode. `refused` is told when its cell has a verdict already; without it that ends the writer."""
        self._check()
        self._queue.put(_Entry(run, cell, episode, then, refused))

    def flush(self) -> None:
        reached = threading.Event()
        self._queue.put(reached)
        reached.wait()
        self._check()

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._check()

    def _check(self) -> None:
        if self._failure:
            raise StoreError(
                f"{self._path} could not be written ({type(self._failure).__name__}: {self._failure}): check that the disk has "
                "room and allows writing; what was kept before is safe, resume the run afterwards"
            ) from self._failure

    def _write(self) -> None:
        db: sqlite3.Connection | None = None
        going = True
        while going:
            entries: list[_Entry] = []
            events: list[threading.Event] = []
            item = self._queue.get()
            while True:
                if item is None:
                    going = False
                elif isinstance(item, threading.Event):
                    events.append(item)
                else:
                    entries.append(item)
                if not going or len(entries) >= BATCH:
                    break
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
            try:
                if entries and self._failure is None:  # after a failure the queue is only emptied, so that nobody waits forever
                    db = db or self._connect()
                    self._commit(db, entries)
            except Exception as error:
                self._failure = error
            for event in events:
                event.set()
        if db:
            db.close()

    def _commit(self, db: sqlite3.Connection, entries: list[_Entry]) -> None:
        encoded = [_encode(entry) for entry in entries]  # before the transaction: others may write meanwhile
        rows: list[Row | None] = []
        db.execute("BEGIN IMMEDIATE")
        try:
            for entry, episode, body, blobs in encoded:
                row = row_of(0, entry.run.name, entry.cell, episode)
                found = db.execute(_INSERT, (entry.run.id, *row[2:])).fetchone()
                if not found:
                    self._refuse(entry)
                    rows.append(None)
                    continue
                db.execute("INSERT OR REPLACE INTO bodies VALUES (?, ?)", (found[0], body))
                db.executemany("INSERT OR IGNORE INTO blobs VALUES (?, ?)", blobs.items())
                rows.append(row._replace(id=found[0], attempts=found[1]))
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        for entry, row in zip(entries, rows, strict=True):
            if entry.then and row:
                entry.then(row)

    def _refuse(self, entry: _Entry) -> None:
        error = StoreError(f"the cell {entry.cell.key} of the run {entry.run.name!r} has a verdict already")
        if not entry.refused:
            raise error
        entry.refused(error)


def _encode(entry: _Entry) -> _Encoded:
    """An episode that cannot be written (a world put something into it that is no JSON) is kept as an error instead."""
    episode = entry.episode
    try:
        light, blobs = put_aside(episode)
        body = write_episode(light)
    except Exception as problem:
        episode = _readable(episode, f"the episode cannot be written down ({type(problem).__name__}: {problem})")
        body, blobs = write_episode(episode), {}
    return _Encoded(entry, episode, zlib.compress(body, 1), {digest: zlib.compress(data, 1) for digest, data in blobs.items()})


def _readable(episode: Episode, why: str) -> Episode:
    """What is left of an episode that cannot be written: its task's words, and the error that it had, or this one."""
    known = episode.error
    failure = Failure(_clean(known.kind), _clean(f"{known.message} ({why})")) if known else Failure("StoreError", _clean(why))
    task, words = episode.task, Instruction(_clean(episode.task.instruction.text))
    task = Task(_clean(task.id), _clean(task.world), _clean(task.split), 0, words)
    return Episode(task, _clean(episode.agent), _clean(episode.model), 0, error=failure, ended="error")


def _clean(text: object) -> str:
    """Text that UTF-8 can hold: half a surrogate pair becomes a question mark."""
    return str(text).encode("utf-8", "replace").decode()
