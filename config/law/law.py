"""All tables of the law as one value, and the questions that several rows answer together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from config.law.applicants import Applicants
from config.law.checklist import ChecklistLine
from config.law.grounds import Grounds
from config.law.permissions import Permissions
from config.law.setting import SettingRule
from config.law.supervision import Supervision
from config.law.tables import (
    CitedDocument,
    Ladder,
    Outcome,
    OutdatedPhrase,
    Period,
    ProceedingResult,
    ReportCheck,
    ReviewOrgan,
    State,
    TableFormats,
    Transition,
    Way,
)
from config.law.wizard import Wizard
from config.law.words import Words
from config.law.year import YearRules

START = "start"


class _Numbers(dict[str, int]):
    """The number of each period as it holds on a day, looked up when it is asked for."""

    def __init__(self, periods: Mapping[str, Period], day: date) -> None:
        super().__init__()
        self._periods = periods
        self._day = day

    def __missing__(self, name: str) -> int:
        return self._periods[name].at(self._day)


@dataclass(frozen=True)
class Law:
    """All tables of the law, checked."""

    states: dict[str, State]
    transitions: dict[str, Transition]
    outcomes: dict[str, Outcome]
    results: dict[tuple[str, str], ProceedingResult]
    remedies: dict[str, Way]
    organs: tuple[ReviewOrgan, ...]
    above: dict[str, str]
    periods: dict[str, Period]
    settings: dict[str, SettingRule]
    fees: dict[str, tuple[Ladder, ...]]
    setting_groups: dict[str, str]
    formats: TableFormats
    words: Words
    applicants: Applicants
    outdated: dict[str, OutdatedPhrase]
    grounds: Grounds
    fingerprint: str
    checks: dict[str, ReportCheck]
    documents: dict[str, CitedDocument]
    checklist: dict[str, ChecklistLine]
    year: YearRules
    usual: dict[str, tuple[str, ...]]
    titles: dict[str, str]
    permissions: Permissions
    wizard: Wizard
    supervision: Supervision

    def defaults(self) -> dict[str, Any]:
        """The settings of law.md §11 at their stricter defaults."""
        return dict(self._defaults)

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return {name: rule.parse(rule.default) for name, rule in self.settings.items()}

    def stage(self, state: str) -> str:
        """The stage of a state; a case without any event stands before receipt."""
        return "before_receipt" if state == START else self.states[state].stage

    def takes_back(self, before: str, after: str) -> bool:
        """True where a step takes the draft of the reply back: from a state in which one is in hand to an
        open state in which none is."""
        if before == START or not self.states[before].draft:
            return False
        return not self.states[after].draft and self.stage(after) in ("running", "waiting")

    @cached_property
    def steps(self) -> frozenset[str]:
        """The events that lead on or leave a mark: the last of them says where the work stands."""
        return frozenset(
            event for event, row in self.transitions.items() if row.to != "same" or row.mark
        )

    def usual_after(self, state: str, step: str | None) -> tuple[str, ...]:
        """What usually comes next in a state after the last step, the most usual first."""
        row = self.transitions.get(step or "")
        if row is not None and row.then and row.leads(state) == state:
            return row.then
        return self.usual.get(state, ())

    @property
    def review_first_from(self) -> date:
        """The first day on which a refusal served goes to review first (行政复议法23(1)(4)), from the rows
        of the remedies; the last day of all where none does."""
        days = [
            day
            for outcome in self.outcomes.values()
            for day, remedy in outcome.remedy.versions
            if remedy == "review_first"
        ]
        return min(days, default=date.max)

    @property
    def fees_from(self) -> date:
        """The first day on which 信息处理费 may be charged (国办函〔2020〕109号), from the ladders' rows."""
        return min(ladders[0].holds_from for ladders in self.fees.values())

    def ladder(self, mode: str, day: date) -> Ladder:
        """The tariff of a mode that holds on the day; the oldest one for days before every tariff."""
        ladders = self.fees[mode]
        return next((one for one in reversed(ladders) if one.holds_from <= day), ladders[0])

    def title(self, event: str, field: str) -> str:
        """What a field of an event is called: in the event's row, else in [fields]."""
        return self.transitions[event].fields.get(field) or self.titles[field]

    def filled(self, words: str, day: date) -> str:
        """A text of the tables with the number of each {period} as it holds on the day."""
        return words.format_map(_Numbers(self.periods, day)) if "{" in words else words
