"""The rows of permissions.toml: who may do what, as values that check themselves."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator


class Action(BaseModel):
    """Something that people do here. may: role → where; or by_row: the table whose rows have the roles.

    carries: routes, with a method before one that carries it by that method alone. commands: of the
    command line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    label: str
    basis: str
    may: Mapping[str, str] = {}
    by_row: Literal["transitions.toml", "year.toml"] | None = None
    carries: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


class Permissions(BaseModel):
    """Who may do what: every action by name, the words for scopes and for who is no member of staff.

    What no row allows is denied. Raises ValueError where a row contradicts another.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scopes: Mapping[str, str]
    others: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    actions: Mapping[str, Action]

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, data: Any) -> Any:
        """Rows by their names, the groups put out into their roles."""
        if not isinstance(data, Mapping) or not {"groups", "action"} <= set(data):
            raise ValueError("groups or actions are missing")
        groups, rows = data["groups"], data["action"]
        names = [row["name"] for row in rows]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"action {name} stands twice")
        rows = [{**row, "may": _roles_named(row.get("may", {}), groups)} for row in rows]
        rest = {key: value for key, value in data.items() if key != "action"}
        return {**rest, "actions": {row["name"]: row for row in rows}}

    @model_validator(mode="after")
    def _agrees(self) -> "Permissions":
        for action in self.actions.values():
            if bool(action.may) == bool(action.by_row):
                raise ValueError(f"{action.name}: either may or by_row is needed")
            unknown = [where for where in action.may.values() if where not in self.scopes]
            if unknown:
                raise ValueError(f"{action.name}: no scope named {unknown[0]}")
            if not (action.label and action.basis and (action.carries or action.commands)):
                raise ValueError(f"{action.name}: label, basis or what carries it is missing")
        return self

    def roles(self) -> set[str]:
        """Every role that a row names."""
        return {role for action in self.actions.values() for role in action.may}

    def carried_by(self, route: str, method: str) -> tuple[Action, ...]:
        """The actions that a route carries when it is asked by a method; none: it is denied."""
        named = {route, f"{method} {route}"}
        return tuple(one for one in self.actions.values() if named & set(one.carries))

    def commanded_by(self, command: str) -> tuple[Action, ...]:
        """The actions that a command carries."""
        return tuple(one for one in self.actions.values() if command in one.commands)


def _roles_named(may: Mapping[str, str], groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {role: where for word, where in may.items() for role in groups.get(word, [word])}
