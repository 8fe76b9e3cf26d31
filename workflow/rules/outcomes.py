"""From the answers to a request to its one result row (law.md §6.5, §6.6): one application counts in
exactly one. Its column: workflow/rules/columns.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import Law, Outcome
from workflow import events as ev

GIVEN = ("disclose", "partial")


class OfficerMustChoose(ValueError):
    """Several reasons and nothing given, while the setting leaves the choice to the officer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The proposed answer: its overall outcome, and one outcome with its evidence per item."""

    outcome: str
    items: tuple[ev.ItemOutcome, ...]
    evidence: ev.ProposeOutcome

    def parts(self) -> tuple[tuple[str, ev.Evidence], ...]:
        """Every outcome that must be proved, with its own evidence (the whole's, without items)."""
        if self.items:
            return tuple((item.outcome, item) for item in self.items)
        return ((self.outcome, self.evidence),)


def answer_of(event: ev.ProposeOutcome, law: Law, settings: Mapping[str, Any]) -> Answer:
    """The answer that a proposal makes. Its outcomes must be known codes.

    Raises OfficerMustChoose when the overall outcome cannot be derived.
    """
    items = tuple(sorted(event.items or (), key=lambda item: item.item))
    if not items:
        assert event.outcome is not None
        return Answer(event.outcome, (), event)
    overall = event.outcome or overall_outcome([item.outcome for item in items], law, settings)
    return Answer(overall, items, event)


def overall_outcome(codes: Sequence[str], law: Law, settings: Mapping[str, Any]) -> str:
    """One outcome for several items (law.md §6.6): something given and something not is a partial
    disclosure; nothing given goes by `result_priority`. An item that the applicant withdrew says nothing of the rest."""
    codes = [code for code in codes if not law.outcomes[code].set_by] or list(codes)
    classes = [law.outcomes[code].cls for code in codes]
    if len(set(codes)) == 1:
        return codes[0]
    if all(cls == "disclose" for cls in classes):
        return "supplied" if "supplied" in codes else codes[0]
    if any(cls in GIVEN for cls in classes):
        rest = [cls for cls in classes if cls != "disclose"]
        if settings["mixed_given_and_unavailable"] == "disclosed" and all(
            c == "unable" for c in rest
        ):
            return next(code for code in codes if law.outcomes[code].cls == "disclose")
        return "partial"
    priority = settings["result_priority"]
    for cls in priority:
        if cls in classes:
            return codes[classes.index(cls)]
    raise OfficerMustChoose("几项的结果不同，请由经办人选定一种总的结果")


def row_of(code: str, law: Law, settings: Mapping[str, Any]) -> str | None:
    """The row of table 3 (format 2021) that an outcome counts in; None when a setting says that it
    is not counted at all.

    Rule: which row of table 3 an outcome counts in stands in outcomes.toml (`row`), unless a setting moves it.
    """
    outcome = law.outcomes[code]
    if outcome.setting and outcome.setting in _ROW_SETTINGS:
        row: str | None = settings[outcome.setting]
        return row
    return outcome.row


_ROW_SETTINGS = ("archive_transferred_row", "not_gov_info_row", "consultation_row")


def remedy_of(outcome: Outcome, settings: Mapping[str, Any], served_on: date) -> str:
    """either, review_first or none (law.md §1.1)."""
    return _chosen(str(outcome.remedy.at(served_on)), settings)


def way_of(of: str, law: Law, settings: Mapping[str, Any], day: date) -> str:
    """either, review_first or none against what is no outcome: silence, third_party, record_correction
    (config/law/remedies.toml)."""
    return _chosen(str(law.remedies[of].values.at(day)), settings)


def _chosen(remedy: str, settings: Mapping[str, Any]) -> str:
    """A row may leave the way to a setting, for the days for which the law does."""
    if remedy in ("partial_remedy", "silence_remedy"):
        return str(settings[remedy])
    return remedy
