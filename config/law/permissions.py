"""The rows of permissions.toml: who may do what."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.law.errors import LawTableError
from config.rows import ROW, Labels, SomeWords, Text, Word, by_name, once

Route = Annotated[str, Field(pattern=r"^((GET|POST) )?[a-z]\w*(\.[a-z]\w*)?$")]
"""blueprint.function, with a method before it where the route carries the action by that alone."""
Command = Annotated[str, Field(pattern=r"^[a-z][a-z-]*( [a-z][a-z-]*)?$")]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that people do here. may: role → where; or by_row: the table whose rows have the roles.
    until: role of `may` → the role in whose place it does this, while nobody holds that one for the body.

    carries: the routes that carry it. commands: those of the command line.
    """

    __pydantic_config__ = ROW
    name: Word
    label: Text
    basis: Text
    may: dict[Word, Word] = field(default_factory=dict)
    until: dict[Word, Word] = field(default_factory=dict)
    by_row: Literal["transitions.toml", "year.toml"] | None = None
    carries: Annotated[tuple[Route, ...], AfterValidator(once)] = ()
    commands: Annotated[tuple[Command, ...], AfterValidator(once)] = ()


@dataclass(frozen=True)
class Permissions:
    """Who may do what: every action by name, the words for scopes and for who is no member of staff.
    meanwhile: role → the roles whose work it does in some action while nobody holds them (`until`).

    What no row allows is denied.
    """

    scopes: dict[str, str]
    others: dict[str, str]
    groups: dict[str, tuple[str, ...]]
    actions: dict[str, Action]
    meanwhile: dict[str, frozenset[str]]

    def roles(self) -> set[str]:
        """Every role that a row names."""
        return {role for action in self.actions.values() for role in action.may}

    def carried_by(self, route: str, method: str) -> tuple[Action, ...]:
        """The actions that a route carries when it is asked by a method; none: it is denied."""
        whole, by_method = (self._by_route.get(name, []) for name in (route, f"{method} {route}"))
        return (*whole, *by_method)

    @cached_property
    def _by_route(self) -> dict[str, list[Action]]:
        """Looked at twice for each request."""
        found: dict[str, list[Action]] = {}
        for action in self.actions.values():
            for route in action.carries:
                found.setdefault(route, []).append(action)
        return found

    def commanded_by(self, command: str) -> tuple[Action, ...]:
        """The actions that a command carries."""
        return tuple(one for one in self.actions.values() if command in one.commands)


@dataclass(frozen=True, slots=True)
class PermissionsFile:
    """groups: names for roles that are written often."""

    __pydantic_config__ = ROW
    scopes: Labels
    others: Labels
    groups: dict[Word, SomeWords]
    action: Annotated[tuple[Action, ...], Field(min_length=1)]

    def permissions(self) -> Permissions:
        """The actions by name, with the groups put out into their roles. Raises LawTableError for a row
        that contradicts itself."""
        rows = by_name(self.action, lambda row: row.name, "permissions.toml", LawTableError)
        named = {
            name: replace(row, may=_written_out(row, self.groups)) for name, row in rows.items()
        }
        for name, row in named.items():
            if bool(row.may) == bool(row.by_row):
                raise LawTableError(f"permissions.toml: {name}: either may or by_row is needed")
            if not row.carries and not row.commands:
                raise LawTableError(f"permissions.toml: {name}: nothing carries it")
        meanwhile: dict[str, frozenset[str]] = {}
        for row in named.values():
            for role, other in row.until.items():
                meanwhile[role] = meanwhile.get(role, frozenset()) | {other}
        return Permissions(self.scopes, self.others, self.groups, named, meanwhile)


def _written_out(row: Action, groups: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The roles of a row, each once. Raises LawTableError where a role stands twice."""
    found: dict[str, str] = {}
    for word, where in row.may.items():
        for role in groups.get(word, (word,)):
            if role in found:
                raise LawTableError(f"permissions.toml: {row.name}: {role} stands twice")
            found[role] = where
    return found
