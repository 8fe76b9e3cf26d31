"""The rows of the law's tables, as values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

_MONTH_DAY = re.compile(r"(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case. stage: before_receipt, running, waiting, done or void."""

    name: str
    label: str
    stage: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the machine: an event, where it is possible, who may do it, where it leads."""

    event: str
    label: str
    sources: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    guards: tuple[str, ...]
    clock: str
    basis: str
    holds_from: date
    routine: bool = False
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Versioned:
    """A value that the law changed from a day on; pairs of (first day, value), oldest first."""

    versions: tuple[tuple[date, Any], ...]

    def at(self, day: date) -> Any:
        """The value that holds on the day; the oldest one for days before every version."""
        value = self.versions[0][1]
        for first_day, candidate in self.versions:
            if first_day <= day:
                value = candidate
        return value


@dataclass(frozen=True, slots=True)
class Period:
    """A number of the law. unit: workdays, days, months or hours."""

    name: str
    label: str
    unit: str
    basis: str
    values: Versioned

    def at(self, day: date) -> int:
        return int(self.values.at(day))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which an application can end, and the row of table 3 that it counts in."""

    code: str
    cls: str
    label: str
    basis: str
    row: str
    needs: tuple[str, ...]
    remedy: Versioned
    setting: str | None = None
    set_by: str | None = None
    holds_from: date = date(2008, 5, 1)


@dataclass(frozen=True, slots=True)
class ProceedingResult:
    """A result of a review or a suit, and its column of table 4 (`not_counted` for none)."""

    proceeding: str
    code: str
    label: str
    cell: str
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class SettingRule:
    """A point on which sources differ (law.md §11): its type, default, permitted values, reason.

    group: the part of the page 设置; max_length: of a text or url, in characters; derived: what an
    empty text stands for, in words, where it follows from the tree of bodies.
    """

    name: str
    label: str
    type: str
    default: Any
    why: str
    values: Mapping[str, str]
    optional: bool = False
    aliases: Mapping[str, str] | None = None
    group: str = "other"
    max_length: int = 200
    derived: str = ""

    def parse(self, value: Any) -> Any:
        """The value in its own type. Raises ValueError, in Chinese, for one that is not permitted."""
        if value is None or (self.optional and value == "none"):
            if self.optional:
                return None
            raise ValueError(f"设置“{self.label}”不能为空")
        if self.type == "flag":
            if isinstance(value, bool):
                return value
            if str(value).lower() in ("true", "false"):
                return str(value).lower() == "true"
            raise ValueError(f"设置“{self.label}”只能是 true 或 false")
        if self.type == "days":
            return self._whole_number(value)
        if self.type == "list":
            return self._list(value)
        if self.type == "set":
            return self._set(value)
        if self.type == "time":
            return self._time(value)
        if self.type == "month_day":
            return self._month_day(value)
        if self.type in ("text", "url"):
            return self._text(value)
        if value not in self.values:
            raise ValueError(f"设置“{self.label}”只能是：{'、'.join(self.values)}")
        return value

    def _whole_number(self, value: Any) -> int:
        digits = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,4}", digits) or int(digits) > 400:
            raise ValueError(f"设置“{self.label}”须为 0 到 400 的整数")
        return int(digits)

    def _text(self, value: Any) -> str:
        text = value.strip() if isinstance(value, str) else None
        if text is None or any(ord(char) < 32 for char in text):
            raise ValueError(f"设置“{self.label}”须为一行文字")
        if len(text) > self.max_length:
            raise ValueError(f"设置“{self.label}”最多 {self.max_length} 个字")
        if self.type == "url" and text and not _ADDRESS.fullmatch(text):
            raise ValueError(f"设置“{self.label}”须为以 http:// 或者 https:// 开头的网址")
        return text

    def _set(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (str, list, tuple)):
            raise ValueError(f"设置“{self.label}”须为名称的列表")
        parts = value.split(",") if isinstance(value, str) else value
        words = {str(part).strip() for part in parts} - {""}
        unknown = sorted(words - set(self.values))
        if unknown:
            raise ValueError(f"设置“{self.label}”中的 {'、'.join(unknown)} 无法识别")
        return tuple(word for word in self.values if word in words)

    def _time(self, value: Any) -> str:
        found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"设置“{self.label}”须为 09:00 这样的时间")
        return f"{int(found[1]):02}:{found[2]}"

    def _month_day(self, value: Any) -> str:
        found = _MONTH_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
        try:
            day = date(2023, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise ValueError(f"设置“{self.label}”须为 01-26 这样每年都有的日子")
        return f"{day:%m-%d}"

    def _list(self, value: Any) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else list(value)
        words = tuple(
            (self.aliases or {}).get(str(part).strip(), str(part).strip()) for part in parts
        )
        unknown = [word for word in words if word not in self.values]
        if unknown or not words:
            raise ValueError(f"设置“{self.label}”中的 {'、'.join(unknown)} 无法识别")
        if len(set(words)) < len(words):
            raise ValueError(f"设置“{self.label}”中有重复")
        return words


@dataclass(frozen=True, slots=True)
class Ladder:
    """A progressive tariff of 信息处理费. steps: (first unit, yuan for each unit from there on).

    every, more: after the last step each further `every` units cost `more` yuan each more; 0 for none.
    """

    mode: str
    label: str
    unit: str
    basis: str
    holds_from: date
    steps: tuple[tuple[int, int], ...]
    every: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class Table2Block:
    """One block of table 二: an item of 条例20 with its columns (fields) and rows (items), key → label."""

    title: str
    fields: Mapping[str, str]
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableFormats:
    """Tables 2, 3 and 4 in both formats: row and column keys with their official labels, in order."""

    columns: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, str]
    blocks: Mapping[str, str]
    cells: Mapping[str, str]
    years: Mapping[str, tuple[int, int]]
    sources: Mapping[str, str]
    table2: Mapping[str, tuple[Table2Block, ...]]
    sections: Mapping[str, str]

    def format_of(self, year: int) -> str:
        """The format in which a body reports on the year: "2019" or "2021"."""
        for name, (first, last) in self.years.items():
            if first <= year <= last:
                return name
        raise ValueError(f"{year} 年没有年报格式")

    def result_rows(self, fmt: str) -> tuple[str, ...]:
        """The rows whose sum is (七)总计."""
        outside = ("new_received", "carried_in", "total", "carried_out")
        return tuple(row for row in self.rows[fmt] if row not in outside)

    def applicant_columns(self) -> tuple[str, ...]:
        """The six columns whose sum is 总计."""
        return tuple(column for column in self.columns if column != "total")

    def row_in(self, row: str, fmt: str) -> str:
        """The row of a format that a result row of format 2021 belongs to (the three 其他处理 are
        one row in format 2019)."""
        if row in self.rows[fmt]:
            return row
        return "other" if row.startswith("other") else row

    def group_of(self, row: str) -> str | None:
        """The heading above a row: refused, unable, not_processed, other; None for rows without."""
        for group in self.groups:
            if row.startswith(group + "_"):
                return group
        return None


@dataclass(frozen=True, slots=True)
class Words:
    """Labels for people: the only source of the Chinese names of machine words."""

    channels: Mapping[str, Mapping[str, str]]
    channel_aliases: Mapping[str, str]
    roles: Mapping[str, str]
    stages: Mapping[str, str]
    clock_effects: Mapping[str, str]
    letters: Mapping[str, str]
    outcome_classes: Mapping[str, str]
    remedies: Mapping[str, str]
    methods: Mapping[str, str]
    opinions: Mapping[str, str]
    levels: Mapping[str, str]
    subtypes: Mapping[str, Mapping[str, str]]
    id_types: Mapping[str, str]
    delivery: Mapping[str, str]
    medium: Mapping[str, str]
    carriers: Mapping[str, list[str]]
    kinds: Mapping[str, Mapping[str, Any]]
    secrecy_checks: Mapping[str, str]
    correction_grounds: Mapping[str, str]
    needs: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class OutdatedPhrase:
    """What old templates say that no longer holds, from the day on which it stopped holding."""

    name: str
    pattern: str
    message: str
    article: str
    holds_from: date


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """A check of an annual report (law.md §10): level error or warn, what it says in a sentence, what
    it needs beside the report itself (report = nothing)."""

    id: str
    level: str
    says: str
    basis: str
    needs: str


@dataclass(frozen=True, slots=True)
class Applicants:
    """How a description of an applicant leads to a column of table 3."""

    own_name: tuple[str, ...]
    rules: tuple[tuple[str, tuple[str, ...]], ...]


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
