"""Reads a subset of PDDL: types, constants, predicates, actions with conjunctions of literals, equality.

What it does not read (disjunctions, quantifiers, conditional effects, numbers, durations) is refused with the line where it
stands. Keywords and names are lower-cased, as PDDL has it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dutiful.core.errors import SpecError
from dutiful.kit.strips.domain import Atom, Domain, Literals, Problem, Schema

REQUIREMENTS = frozenset({":strips", ":typing", ":negative-preconditions", ":equality"})


class PddlError(SpecError):
    """Text that is no PDDL of this subset; `line` counts from 1."""

    def __init__(self, line: int, what: str):
        super().__init__(f"PDDL line {line}: {what}")
        self.line = line


class _Word(NamedTuple):
    text: str
    line: int


class _List(NamedTuple):
    items: tuple[_Word | _List, ...]
    line: int

    @property
    def head(self) -> str:
        """The first word in lower case, or an empty one."""
        first = self.items[0] if self.items else None
        return first.text if isinstance(first, _Word) else ""


_TOKEN = re.compile(r"[()]|[^\s();]+")


def _read(text: str) -> _List:
    """The one expression of a text."""
    stack: list[tuple[list[_Word | _List], int]] = []
    done: _List | None = None
    line = 0
    for line, row in enumerate(text.splitlines(), 1):
        for token in _TOKEN.findall(row.split(";", 1)[0]):
            if done is not None:
                raise PddlError(line, f"{token!r} comes after the closing parenthesis of the definition")
            if token == "(":
                stack.append(([], line))
            elif token == ")":
                if not stack:
                    raise PddlError(line, "a closing parenthesis without an opening one")
                items, began = stack.pop()
                closed = _List(tuple(items), began)
                if stack:
                    stack[-1][0].append(closed)
                else:
                    done = closed
            elif stack:
                stack[-1][0].append(_Word(token.lower(), line))
            else:
                raise PddlError(line, f"expected '(', found {token!r}")
    if stack:
        raise PddlError(stack[-1][1], "a parenthesis is opened here and never closed")
    if done is None:
        raise PddlError(max(line, 1), "there is no definition: expected (define ...)")
    return done


def _words(items: Iterable[_Word | _List]) -> list[_Word]:
    words: list[_Word] = []
    for item in items:
        if isinstance(item, _List):
            raise PddlError(item.line, f"expected a name, found a list that begins with {item.head!r}")
        words.append(item)
    return words


def _lists(items: Iterable[_Word | _List], what: str) -> list[_List]:
    lists: list[_List] = []
    for item in items:
        if isinstance(item, _Word):
            raise PddlError(item.line, f"expected {what}, found {item.text!r}")
        lists.append(item)
    return lists


def _typed(items: Iterable[_Word | _List]) -> list[tuple[_Word, str]]:
    """`a b - kind c` as pairs of word and type; the type of the rest is "object"."""
    pairs: list[tuple[_Word, str]] = []
    waiting: list[_Word] = []
    words = iter(_words(items))
    for word in words:
        if word.text != "-":
            waiting.append(word)
            continue
        kind = next(words, None)
        if kind is None or not waiting:
            raise PddlError(word.line, "a '-' stands between names and their type")
        pairs += [(name, kind.text) for name in waiting]
        waiting = []
    return pairs + [(name, "object") for name in waiting]


def _known(word: _Word, names: Iterable[str], what: str) -> str:
    names = list(names)
    if word.text not in names:
        near = difflib.get_close_matches(word.text, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(names)) or 'none'}"
        raise PddlError(word.line, f"no {what} is called {word.text!r}; {hint}")
    return word.text


def _definition(text: str, kind: str) -> tuple[str, list[_List]]:
    whole = _read(text)
    if whole.head != "define" or len(whole.items) < 2:
        raise PddlError(whole.line, f"expected (define ({kind} NAME) ...)")
    title, *sections = _lists(whole.items[1:], "a section")
    words = _words(title.items)
    if len(words) != 2 or words[0].text != kind:
        raise PddlError(title.line, f"expected ({kind} NAME)")
    return words[1].text, sections


def parse_domain(text: str) -> Domain:
    """A domain from its text; raises PddlError with the line."""
    name, sections = _definition(text, "domain")
    types: dict[str, str] = {}
    constants: dict[str, str] = {}
    predicates: dict[str, tuple[str, ...]] = {}
    actions: list[_List] = []
    for section in sections:
        body = section.items[1:]
        if section.head == ":requirements":
            for word in _words(body):
                _known(word, REQUIREMENTS, "supported requirement")
        elif section.head == ":types":
            types |= {word.text: kind for word, kind in _typed(body)}
            for word, kind in _typed(body):
                _known(_Word(kind, word.line), [*types, "object"], "type")
        elif section.head == ":constants":
            constants |= _objects(body, types)
        elif section.head == ":predicates":
            for predicate in _lists(body, "a predicate"):
                head = _words(predicate.items[:1])
                if not head or head[0].text in predicates:
                    raise PddlError(predicate.line, f"a predicate without a name, or twice: {predicate.head!r}")
                predicates[head[0].text] = tuple(_objects(predicate.items[1:], types).values())
        elif section.head == ":action":
            actions.append(section)
        else:
            raise PddlError(section.line, f"section {section.head!r} is not supported")
    _no_cycles(types, sections[0].line if sections else 1)
    domain = Domain(name, types, predicates, (), constants)
    schemas = tuple(_action(action, domain) for action in actions)
    if len({schema.name for schema in schemas}) < len(schemas):
        raise PddlError(actions[-1].line, "two actions have the same name")
    return domain._replace(actions=schemas)


def _no_cycles(types: Mapping[str, str], line: int) -> None:
    for kind in types:
        seen, at = {kind}, types[kind]
        while at != "object":
            if at in seen:
                raise PddlError(line, f"the type {kind!r} is its own ancestor")
            seen.add(at)
            at = types[at]


def _objects(items: Sequence[_Word | _List], types: Mapping[str, str]) -> dict[str, str]:
    objects: dict[str, str] = {}
    for word, kind in _typed(items):
        _known(_Word(kind, word.line), [*types, "object"], "type")
        if word.text in objects:
            raise PddlError(word.line, f"{word.text!r} is declared twice")
        objects[word.text] = kind
    return objects


def _action(section: _List, domain: Domain) -> Schema:
    words = _words(section.items[1:2])
    if not words:
        raise PddlError(section.line, "an action without a name")
    parts: dict[str, _List] = {}
    rest = section.items[2:]
    for key, value in zip(rest[::2], rest[1::2], strict=False):
        if isinstance(key, _List) or key.text not in {":parameters", ":precondition", ":effect"} or key.text in parts:
            shown = "a list" if isinstance(key, _List) else repr(key.text)
            raise PddlError(key.line, f"expected :parameters, :precondition and :effect once each, found {shown}")
        parts[key.text] = _lists([value], f"a list after {key.text}")[0]
    if len(rest) % 2 or ":effect" not in parts:
        raise PddlError(section.line, f"the action {words[0].text!r} needs :effect (...), and each keyword needs its list")
    nothing = _List((), section.line)
    parameters = _objects(parts.get(":parameters", nothing).items, domain.types)
    for variable in parameters:
        if not variable.startswith("?"):
            raise PddlError(parts[":parameters"].line, f"the parameter {variable!r} does not begin with '?'")
    scope = {**domain.constants, **parameters}
    needs = _literals(parts.get(":precondition", nothing), domain, scope)
    effect = _literals(parts[":effect"], domain, scope)
    if effect.same or effect.differ:
        raise PddlError(parts[":effect"].line, "an effect cannot make things equal")
    return Schema(words[0].text, tuple(parameters.items()), needs, effect.positive, effect.negative)


def _literals(expression: _List, domain: Domain, scope: Mapping[str, str]) -> Literals:
    """A conjunction of literals over the terms of a scope (name to type)."""
    literals = expression.items[1:] if expression.head == "and" else (expression,) if expression.items else ()
    positive: list[Atom] = []
    negative: list[Atom] = []
    same: list[tuple[str, str]] = []
    differ: list[tuple[str, str]] = []
    for literal in _lists(literals, "a literal"):
        negated = literal.head == "not"
        atom = literal
        if negated:
            if len(literal.items) != 2:
                raise PddlError(literal.line, "'not' takes one atom")
            atom = _lists(literal.items[1:], "an atom")[0]
        if atom.head == "=":
            terms = [_known(word, scope, "term") for word in _words(atom.items[1:])]
            if len(terms) != 2:
                raise PddlError(atom.line, f"'=' takes two terms, found {len(terms)}")
            (differ if negated else same).append((terms[0], terms[1]))
        else:
            (negative if negated else positive).append(_atom(atom, domain, scope))
    return Literals(tuple(positive), tuple(negative), tuple(same), tuple(differ))


def _atom(expression: _List, domain: Domain, scope: Mapping[str, str]) -> Atom:
    if expression.head in {"and", "or", "not", "imply", "forall", "exists", "when", "increase"}:
        raise PddlError(expression.line, f"{expression.head!r} is not supported here: only conjunctions of literals are")
    words = _words(expression.items)
    if not words:
        raise PddlError(expression.line, "an empty atom")
    kinds = domain.predicates[_known(words[0], domain.predicates, "predicate")]
    if len(words) - 1 != len(kinds):
        raise PddlError(expression.line, f"{words[0].text!r} takes {len(kinds)} arguments, found {len(words) - 1}")
    for word, kind in zip(words[1:], kinds, strict=True):
        found = scope[_known(word, scope, "parameter or object")]
        if not domain.is_a(found, kind):
            raise PddlError(word.line, f"{word.text!r} is of type {found!r}, {words[0].text!r} takes a {kind!r} there")
    return tuple(word.text for word in words)


def parse_problem(text: str, domain: Domain) -> Problem:
    """A problem of a domain from its text; raises PddlError with the line."""
    name, sections = _definition(text, "problem")
    objects = dict(domain.constants)
    init: frozenset[Atom] = frozenset()
    goal = Literals()
    for section in sorted(sections, key=lambda section: section.head != ":objects"):
        body = section.items[1:]
        if section.head == ":domain":
            if [word.text for word in _words(body)] != [domain.name]:
                raise PddlError(section.line, f"the problem is not of the domain {domain.name!r}")
        elif section.head == ":objects":
            objects |= _objects(body, domain.types)
        elif section.head == ":init":
            init = frozenset(_atom(atom, domain, objects) for atom in _lists(body, "an atom"))
        elif section.head == ":goal":
            if len(body) != 1:
                raise PddlError(section.line, ":goal takes one conjunction")
            goal = _literals(_lists(body, "a conjunction")[0], domain, objects)
        else:
            raise PddlError(section.line, f"section {section.head!r} is not supported")
    return Problem(name, objects, init, goal)
