"""Pictures and large arrays of an episode, kept once each under the hash of their content.

An array that is kept aside leaves a reference in the episode: the same dtype and shape, `blob:` before the dtype, the hash in
place of the data. Small arrays stay where they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from dutiful.core.records import Array, Episode, Observation

MARK = "blob:"
SMALL = 512
"""Bytes up to which an array stays in its episode."""

Blobs = dict[bytes, bytes]


def put_aside(episode: Episode) -> tuple[Episode, Blobs]:
    """The episode with references in place of its large arrays, and these by their hash."""
    if not _has_arrays(episode):
        return episode, {}
    blobs: Blobs = {}

    def aside(array: Array) -> Array:
        if len(array.data) <= SMALL and not array.dtype.startswith(MARK):
            return array
        digest = hashlib.blake2b(array.data, digest_size=20).digest()
        blobs[digest] = array.data
        return Array(MARK + array.dtype, array.shape, digest)

    return _replaced(episode, aside), blobs


def put_back(episode: Episode, fetch: Callable[[bytes], bytes]) -> Episode:
    """The episode as it was written; `fetch` gives the data of a hash."""
    if not _has_arrays(episode):
        return episode
    seen: Blobs = {}

    def back(array: Array) -> Array:
        if not array.dtype.startswith(MARK):
            return array
        if array.data not in seen:
            seen[array.data] = fetch(array.data)
        return Array(array.dtype[len(MARK) :], array.shape, seen[array.data])

    return _replaced(episode, back)


def _has_arrays(episode: Episode) -> bool:
    if episode.task.instruction.images or (episode.final is not None and _drawn(episode.final)):
        return True
    return any(_drawn(step.observation) for step in episode.steps)


def _drawn(observation: Observation) -> bool:
    return observation.image is not None or observation.state is not None


def _replaced(episode: Episode, change: Callable[[Array], Array]) -> Episode:
    def seen(observation: Observation) -> Observation:
        if not _drawn(observation):
            return observation
        image, state = observation.image, observation.state
        return observation.replace(image=image and change(image), state=state and change(state))

    task = episode.task
    if task.instruction.images:
        task = task.replace(instruction=task.instruction.replace(images=tuple(map(change, task.instruction.images))))
    steps = tuple(step.replace(observation=seen(step.observation)) for step in episode.steps)
    return episode.replace(task=task, steps=steps, final=episode.final and seen(episode.final))
