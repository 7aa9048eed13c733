"""Every part, by name: cards, spec strings and the registry.

A *spec* is `name/variant?key=value&key=value`; several joined by `+` make one thing: an agent with its slots
(`act+window?k=3+json`), a model with its wrappers (`embedded?adapter=home+cache`). A literal `+`, `&` or `%` in a value is
percent-encoded. The same string is parsed here, and printed back by `Part.spec` into stores, tables and cards.

A part is found through entry points: the group `dutiful.KIND` (`dutiful.world`, `dutiful.memory`, ...) names modules, and
every class with a card in such a module's `__all__` is a part. Ours are declared in the same way as a third party's. A class
that is not declared anywhere is named by its module: `my_module:MyWorld?key=value`.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import typing
import warnings
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, NoReturn, TypeVar
from urllib.parse import quote, unquote

import msgspec

from dutiful.core.errors import MissingExtra, SpecError, UnknownPart, Unsupported

_PLAIN = "/:,;@_.-"
SLOTS = ("view", "memory", "planner", "actions", "control", "critic", "search")
KINDS = ("world", "model", "agent", *SLOTS, "judge", "teacher", "learner", "attack", "claim")

T = TypeVar("T")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a part says of itself; docs, README and `dutiful parts` are generated from it.

    kind: one of KINDS. system: the number of the published system under that name, if it is one ("068").
    capabilities: what it can do beyond its contract. needs: the extras it takes. source: paper or package.
    variants: the names that may follow the slash, when they are few enough to list.
    """

    kind: str
    name: str
    summary: str
    system: str = ""
    capabilities: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    variants: tuple[str, ...] = ()


class Part:
    """Base of everything that has a card. Parameters are stored unchanged under their own names, so `spec` can print them."""

    card: ClassVar[Card]

    def can(self, capability: str) -> bool:
        """Whether the card lists a capability."""
        return capability in self.card.capabilities

    @property
    def spec(self) -> str:
        """The string that builds this part again; parameters at their default are left out."""
        variant, params = "", {}
        for name, parameter in parameters(type(self)).items():
            value = getattr(self, name)
            if name == "variant":
                variant = value
            elif value != parameter.default:
                params[name] = value
        return str(Spec(path_of(type(self)) + (f"/{variant}" if variant else ""), params))

    def __repr__(self) -> str:
        return f"<{self.card.kind} {self.spec}>"

    def _cannot(self, capability: str) -> NoReturn:
        raise Unsupported(self.spec, capability)


def path_of(part: type[Part]) -> str:
    """What a spec calls a part: its name, where it is registered, else `module:Class`."""
    registered = registry(part.card.kind).get(part.card.name)
    return part.card.name if registered is part else f"{part.__module__}:{part.__qualname__}"


class Spec(NamedTuple):
    """One term of a spec string: `path` is name and variant together, `params` are still text when parsed."""

    path: str
    params: dict[str, Any]

    @classmethod
    def parse(cls, text: str) -> Spec:
        path, _, query = text.strip().partition("?")
        if not path:
            raise SpecError(f"{text!r} names no part; a spec looks like name/variant?key=value")
        params: dict[str, Any] = {}
        for pair in filter(None, query.split("&")):
            key, equals, value = pair.partition("=")
            if not equals or not key:
                raise SpecError(f"{pair!r} in {text!r} is not key=value")
            if key in params:
                raise SpecError(f"{key!r} is given twice in {text!r}")
            params[key] = unquote(value)
        return cls(unquote(path), params)

    def __str__(self) -> str:
        pairs = (f"{key}={quote(_printed(value), safe=_PLAIN)}" for key, value in self.params.items())
        query = "&".join(pairs)
        return quote(self.path, safe=_PLAIN) + (f"?{query}" if query else "")


def _printed(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    return str(value)


@functools.cache
def parameters(part: type) -> dict[str, inspect.Parameter]:
    """The parameters of a part that a spec can set: those with a default or called `variant`, of a plain type."""
    hints = typing.get_type_hints(part.__init__)
    return {
        name: parameter.replace(annotation=hints.get(name, str))
        for name, parameter in inspect.signature(part).parameters.items()
        if name not in _COMPOSED and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }


_COMPOSED = {"model", "inner", *SLOTS}


@functools.cache
def registry(kind: str) -> dict[str, type[Part]]:
    """All parts of a kind by name. Loads the modules that the entry points name, once."""
    import importlib.metadata  # 50 ms that `import dutiful` need not wait for

    if kind not in KINDS:
        raise UnknownPart("kind of part", kind, KINDS)
    found: dict[str, type[Part]] = {}
    for entry in importlib.metadata.entry_points(group=f"dutiful.{kind}"):
        try:
            module = importlib.import_module(entry.value)
        except Exception as error:  # one broken plugin must not take the others down
            warnings.warn(f"the {kind}s of {entry.value!r} cannot be loaded: {error!r}", stacklevel=2)
            continue
        for attribute in module.__all__:
            part = getattr(module, attribute)
            card = getattr(part, "card", None)
            if not (isinstance(part, type) and isinstance(card, Card) and card.kind == kind):
                continue
            if found.get(card.name, part) is not part:
                raise SpecError(f"two {kind}s are called {card.name!r}: {found[card.name].__module__} and {part.__module__}")
            found[card.name] = part
    return dict(sorted(found.items()))


def find(kind: str, path: str) -> tuple[type[Part], str]:
    """The class and the variant that a path names; raises UnknownPart with the nearest names."""
    if ":" in path.split("/", maxsplit=1)[0]:
        return _by_module(kind, path), ""
    parts = registry(kind)
    pieces = path.split("/")
    for cut in range(len(pieces), 0, -1):
        if part := parts.get("/".join(pieces[:cut])):
            variant = "/".join(pieces[cut:])
            if variant and "variant" not in parameters(part):
                break
            return part, variant
    raise UnknownPart(kind, path, parts)


def _by_module(kind: str, path: str) -> type[Part]:
    module, _, name = path.partition(":")
    try:
        part: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SpecError(f"{path!r}: {error}; a class is named as module:Class, with its module on the path") from error
    card: Any = getattr(part, "card", None)
    if not (isinstance(part, type) and issubclass(part, Part) and isinstance(card, Card) and card.kind == kind):
        raise SpecError(f"{path!r} is no {kind}: a part is a class with a card of that kind")
    return part


def make(kind: str, term: str, **context: Any) -> Any:
    """One part from one term of a spec; `context` are arguments that are no text (a model, an inner part)."""
    spec = Spec.parse(term)
    part, variant = find(kind, spec.path)
    return construct(part, spec, variant, **context)


def construct(part: Callable[..., T], spec: Spec, variant: str = "", **context: Any) -> T:
    """Calls a part's class with the spec's parameters turned into the types of its signature."""
    known = parameters(part)  # type: ignore[arg-type]
    arguments: dict[str, Any] = {"variant": variant} if variant else {}
    for key, text in spec.params.items():
        if key not in known or key == "variant":
            raise UnknownPart(f"parameter of {spec.path}", key, set(known) - {"variant"})
        arguments[key] = _convert(spec, key, text, known[key].annotation)
    try:
        return part(**arguments, **context)
    except ImportError as error:
        card: Card = part.card  # type: ignore[attr-defined]
        if card.needs:
            raise MissingExtra(spec.path, card.needs[0], error.name or "") from error
        raise


def _convert(spec: Spec, key: str, text: Any, hint: Any) -> Any:
    if not isinstance(text, str):
        return text
    if text.lower() == "none" and type(None) in typing.get_args(hint):
        return None
    try:
        return msgspec.convert(text, hint, strict=False)
    except (msgspec.ValidationError, TypeError) as error:
        raise SpecError(f"{key}={text!r} of {spec.path!r}: expected {getattr(hint, '__name__', hint)}") from error


def world(spec: str) -> Any:
    """A world from its spec: `world("text/home?rooms=3")`."""
    return make("world", spec)


def model(spec: str) -> Any:
    """A model from its spec; terms after the first wrap it: `model("embedded?adapter=home+cache")`."""
    first, *wrappers = spec.split("+")
    built = make("model", first)
    for term in wrappers:
        built = make("model", term, inner=built)
    return built


def slot_of(term: str) -> str | None:
    """The slot that a term fills, by its name."""
    name = Spec.parse(term).path.split("/")[0]
    return next((kind for kind in SLOTS if name in registry(kind)), None)


def agent(spec: str, model: Any = None) -> Any:
    """An agent from its spec: the first term names it ("act" where it names a slot), each further one fills a slot."""
    first, *terms = spec.split("+")
    if slot_of(first):
        first, terms = "act", [first, *terms]
    slots: dict[str, Any] = {}
    for term in terms:
        kind = slot_of(term)
        if kind is None:
            raise UnknownPart("slot of an agent", Spec.parse(term).path, [name for slot in SLOTS for name in registry(slot)])
        if kind in slots:
            raise SpecError(f"{spec!r} fills the slot {kind!r} twice: {slots[kind].spec} and {term}")
        slots[kind] = make(kind, term)
    part, _ = find("agent", Spec.parse(first).path)
    takes = inspect.signature(part).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes.values())
    if unfit := [slot.spec for kind, slot in slots.items() if kind not in takes and not open_ended]:
        raise SpecError(f"the agent {first!r} has no slot for {', '.join(unfit)}")
    if "model" in takes:
        slots["model"] = model
    return make("agent", first, **slots)


def build(spec: str, kind: str = "agent", **context: Any) -> Any:
    """Any part from its spec: `build("act+window")`, `build("text/home", "world")`."""
    return {"agent": agent, "model": model}.get(kind, functools.partial(make, kind))(spec, **context)
