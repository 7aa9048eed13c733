"""Everything the library raises, in one tree.

DutifulError
|- SpecError            a name or a parameter that cannot be understood
|  |- UnknownPart       no such part; the nearest names are suggested
|- MissingExtra         a heavy dependency is not installed; names the extra
|- NotGrounded          an instruction outside of a world's language
|- Unsupported          a capability that a part's card does not list
|- StoreError           a store that cannot be read or written
|- EpisodeEvent         carries what happened inside an episode
   |- LimitReached      the budget is spent: the episode ends, and is judged
   |- FormatFailure     words that are no action: counted apart from task failure
   |- WorldFailure      the world broke: an error of the harness, never a zero
   |- ModelFailure      the model broke, likewise
      |- RateLimited    the server asks for patience
"""

from __future__ import annotations

from collections.abc import Iterable


class DutifulError(Exception):
    """Base of every error raised on purpose by this library."""


class SpecError(DutifulError):
    """A spec string, name or parameter that cannot be understood."""


class UnknownPart(SpecError):
    """No part of this name. `known` are the names there are."""

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        import difflib

        known = sorted(known)
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are: {', '.join(known) or 'none'}"
        super().__init__(f"no {kind} is called {name!r}; {hint}")
        self.kind, self.name, self.near = kind, name, near


class MissingExtra(DutifulError):
    """A part needs a package that comes with an extra."""

    def __init__(self, what: str, extra: str, package: str = ""):
        missing = f" (package {package!r} is missing)" if package else ""
        super().__init__(f"{what} needs the extra [{extra}]{missing}: pip install 'dutiful[{extra}]'")
        self.extra, self.package = extra, package


class NotGrounded(DutifulError):
    """An instruction that a world cannot turn into a checkable goal."""

    def __init__(self, instruction: str, why: str, understands: Iterable[str] = ()):
        lines = [f"cannot ground {instruction!r}: {why}"]
        understands = list(understands)
        if understands:
            lines += ["this world understands:", *(f"  {line}" for line in understands)]
        super().__init__("\n".join(lines))
        self.instruction, self.understands = instruction, understands


class Unsupported(DutifulError):
    """A part was asked for a capability that it does not have."""

    def __init__(self, part: str, capability: str):
        super().__init__(f"{part} cannot {capability}; its card lists what it can do (dutiful parts {part.partition('?')[0]})")
        self.part, self.capability = part, capability


class StoreError(DutifulError):
    """A store that cannot be read or written."""


class EpisodeEvent(DutifulError):
    """Something that happened inside an episode."""


class LimitReached(EpisodeEvent):
    """A limit of the episode is spent: `limit` names it, `allowed` is its value."""

    def __init__(self, limit: str, allowed: float):
        super().__init__(f"the limit of {allowed:g} {limit} is spent")
        self.limit, self.allowed = limit, allowed


class FormatFailure(EpisodeEvent):
    """Words of a model that are no action. `text` is what it said."""

    def __init__(self, text: str, why: str):
        super().__init__(f"{why}: {text[:200]!r}")
        self.text, self.why = text, why


class WorldFailure(EpisodeEvent):
    """A world broke, hung or answered nonsense."""


class ModelFailure(EpisodeEvent):
    """A model or its server broke, hung or answered nonsense."""


class RateLimited(ModelFailure):
    """The server asks to wait; `after` is in seconds, when it said."""

    def __init__(self, message: str, after: float | None = None):
        super().__init__(message)
        self.after = after
