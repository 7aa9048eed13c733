"""A forest of task nodes: slots with values, dependencies and histories, one tree for each unrelated request.

forest = Forest()
forest.new("trip", "city", "Oslo"); forest.update("trip", "city", "Bergen"); forest.undo("trip", "city")
forest.value("trip", "city")                            "Oslo"
forest.tie("trip", "hotel city", "city")                its value is that of another slot, and changes with it

What is asked of it is validated by code: a dependency must lie in the same tree and close no circle.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Status = Literal["pending", "done", "failed", "review"]


class Held(msgspec.Struct, frozen=True):
    """What a node holds: a value of its own, or that of the slot `of`."""

    value: str = ""
    of: str = ""


class Node(msgspec.Struct):
    """One slot of a tree. `history` has earlier contents, the latest last; `depends` names slots of the same tree."""

    tree: str
    slot: str
    held: Held = Held()
    parent: str = ""
    depends: list[str] = []
    history: list[Held] = []
    status: Status = "pending"
    said: str = ""


class Forest(msgspec.Struct):
    """The nodes, in the order in which they were made.

    history: whether earlier contents are kept. checked: whether dependencies are validated. shared: whether a node can take the
    value of another one (a graph); otherwise a value is copied once (a tree). The three are for ablations.
    """

    nodes: list[Node] = []
    history: bool = True
    checked: bool = True
    shared: bool = True

    def find(self, tree: str, slot: str) -> Node | None:
        """The node of a slot, None where there is none."""
        return next((node for node in self.nodes if (node.tree, node.slot) == (tree, slot)), None)

    def trees(self) -> list[str]:
        """The roots, oldest first."""
        return list(dict.fromkeys(node.tree for node in self.nodes))

    def new(self, tree: str, slot: str, value: str = "", parent: str = "", said: str = "") -> Node:
        """A node, or the one that there is, with a value."""
        node = self.find(tree, slot)
        if node is None:
            node = Node(tree, slot, parent=parent, said=said)
            self.nodes.append(node)
        if value:
            self._hold(node, Held(value))
        return node

    def update(self, tree: str, slot: str, value: str) -> Node:
        """Puts a value in the place of another; what depends on it is to be reviewed."""
        node = self.new(tree, slot, value)
        for other in self.dependents(node):
            other.status = "review"
        return node

    def undo(self, tree: str, slot: str) -> bool:
        """Goes back to the contents before; False where there are none."""
        node = self.find(tree, slot)
        if node is None or not node.history:
            return False
        node.held = node.history.pop()
        node.depends = [node.held.of] if node.held.of else []
        return True

    def tie(self, tree: str, slot: str, on: str) -> bool:
        """Makes a slot take the value of another; False where that is refused: not in this tree, itself, or a circle.

        Unchecked, `on` may be "tree/slot" of another tree.
        """
        node = self.new(tree, slot)
        source = self._source(tree, on)
        if source is None or (self.checked and (source.tree != tree or source is node or self.reaches(source, node))):
            return False
        if not self.shared:
            self._hold(node, Held(self.value(source.tree, source.slot)))
            return True
        name = source.slot if source.tree == tree else f"{source.tree}/{source.slot}"
        self._hold(node, Held(of=name))
        node.depends = [name]
        return True

    def rename(self, tree: str, slot: str, name: str) -> bool:
        """Puts another slot in the place of one: dependents are rewritten, and are to be reviewed. False where it cannot be."""
        node = self.find(tree, slot)
        if node is None or self.find(tree, name) is not None:
            return False
        dependents = self.dependents(node)
        node.slot = name
        for other in dependents:
            other.depends = [name if each == slot else each for each in other.depends]
            other.held = Held(of=name) if other.held.of == slot else other.held
            other.history = [Held(of=name) if each.of == slot else each for each in other.history]
            other.status = "review"
        return True

    def keep(self, tree: str, slots: list[str]) -> None:
        """Drops all other slots of a tree."""
        self.nodes = [node for node in self.nodes if node.tree != tree or node.slot in slots]

    def value(self, tree: str, slot: str, depth: int = 8) -> str:
        """What stands in a slot, ties followed; "" where nothing does."""
        node = self.find(tree, slot)
        if node is None or depth == 0:
            return ""
        source = self._source(tree, node.held.of) if node.held.of else None
        return self.value(source.tree, source.slot, depth - 1) if source else node.held.value

    def dependents(self, node: Node) -> list[Node]:
        """The nodes that depend on one, at whatever distance."""
        found: list[Node] = []
        queue = [node]
        while queue:
            used = queue.pop()
            for other in self.nodes:
                name = used.slot if other.tree == used.tree else f"{used.tree}/{used.slot}"
                uses = name in (*other.depends, other.held.of, *(each.of for each in other.history))
                if uses and all(other is not each for each in (node, *found)):
                    found.append(other)
                    queue.append(other)
        return found

    def reaches(self, start: Node, end: Node) -> bool:
        """Whether a node takes its value from another, now or after something is taken back."""
        seen: list[Node] = []
        queue = [start]
        while queue:
            node = queue.pop()
            if node is end:
                return True
            if node not in seen:
                seen.append(node)
                held = [node.held.of, *(each.of for each in node.history)]
                queue += [found for name in held if name and (found := self._source(node.tree, name))]
        return False

    def path(self, tree: str, slot: str) -> list[Node]:
        """From below the root to a node, then what it depends on, the nearest first."""
        node = self.find(tree, slot)
        if node is None:
            return []
        above = [node]
        while (parent := self.find(tree, above[0].parent)) is not None and parent not in above:
            above.insert(0, parent)
        for each in above:
            above += [n for name in each.depends if (n := self._source(each.tree, name)) is not None and n not in above]
        return above

    def dump(self) -> bytes:
        """The forest as JSON."""
        return msgspec.json.encode(self)

    @classmethod
    def load(cls, data: bytes) -> Forest:
        """A forest from its JSON."""
        return msgspec.json.decode(data, type=cls)

    def _hold(self, node: Node, held: Held) -> None:
        if self.history and node.held != Held():
            node.history.append(node.held)
        node.held, node.depends, node.status = held, [], "done"

    def _source(self, tree: str, name: str) -> Node | None:
        """The node that a dependency names."""
        if "/" in name and not self.checked:
            tree, _, name = name.partition("/")
        return self.find(tree, name)
