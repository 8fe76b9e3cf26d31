"""Bodies as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from workflow.store.bodies import Tree


@dataclass(frozen=True, slots=True)
class Reader:
    """A body as pages show it."""

    code: str
    name: str
    level: str
    takes_requests: bool
    parent: str | None = None
    since: date | None = None
    until: date | None = None
    successor: str | None = None
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """All bodies as pages show them, in order. taking: those that take requests today; names: by code;
    parents: codes of those that have others below them."""

    readers: tuple[Reader, ...]
    taking: tuple[Reader, ...]
    names: Mapping[str, str]
    parents: frozenset[str] = frozenset()

    @cached_property
    def by_code(self) -> Mapping[str, Reader]:
        """Each body by its code."""
        return {one.code: one for one in self.readers}


def listing_of(tree: Tree, today: date) -> Listing:
    """All bodies of the tree, as they are on the day."""
    codes = {body.id: body.code for body in tree.bodies}
    readers = tuple(
        Reader(
            body.code,
            body.name,
            body.level,
            body.takes_requests and not (body.until is not None and body.until < today),
            codes.get(body.parent_id) if body.parent_id else None,
            body.since,
            body.until,
            body.successor,
            tuple(former["name"] for former in body.former_names),
        )
        for body in tree.bodies
    )
    taking = tuple(reader for reader in readers if reader.takes_requests)
    parents = frozenset(reader.parent for reader in readers if reader.parent is not None)
    return Listing(readers, taking, {reader.code: reader.name for reader in readers}, parents)
