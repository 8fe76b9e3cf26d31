"""What the public pages ask of the store: how bodies can be reached, and what they published."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from workflow.store.dialect import among
from workflow.store.models import SettingRow
from workflow.store.released_models import ReleasedAnswerRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit


@dataclass
class OwnTexts:
    """A body's own texts by name, and when the last of them was recorded."""

    texts: dict[str, str] = field(default_factory=dict)
    recorded_at: datetime | None = None


def own_texts(unit: Unit, names: Collection[str], day: date) -> dict[int, OwnTexts]:
    """Some texts of all bodies as they hold on the day, by the id of the body: one query."""
    query = (
        select(SettingRow.agency_id, SettingRow.name, SettingRow.value, SettingRow.recorded_at)
        .where(SettingRow.name.in_(list(names)), SettingRow.holds_from <= day)
        .order_by(SettingRow.holds_from, SettingRow.id)
    )
    found: dict[int, OwnTexts] = {}
    for agency, name, value, recorded_at in unit.session.execute(query):
        own = found.setdefault(agency, OwnTexts())
        own.texts[name] = str(value)
        if recorded_at and (own.recorded_at is None or recorded_at > own.recorded_at):
            own.recorded_at = recorded_at
    return found


def published_versions(unit: Unit, agency_id: int) -> list[ReportVersionRow]:
    """Of each year the version that is published, the latest of several; the last year first."""
    query = (
        select(ReportVersionRow)
        .where(ReportVersionRow.agency_id == agency_id, ReportVersionRow.state == "published")
        .order_by(ReportVersionRow.year.desc(), ReportVersionRow.version.desc())
    )
    found: dict[int, ReportVersionRow] = {}
    for row in unit.session.scalars(query):
        found.setdefault(row.year, row)
    return list(found.values())


def published_years_of(unit: Unit, agency_ids: Collection[int]) -> dict[int, list[int]]:
    """The years of which bodies have published a report, by the id of the body, the last one first."""
    query = (
        select(ReportVersionRow.agency_id, ReportVersionRow.year)
        .where(among(ReportVersionRow.agency_id, agency_ids), ReportVersionRow.state == "published")
        .distinct()
        .order_by(ReportVersionRow.year.desc())
    )
    found: dict[int, list[int]] = {}
    for agency, year in unit.session.execute(query):
        found.setdefault(agency, []).append(year)
    return found


# -- released answers --------------------------------------------------------------------------------


def _shown(agency_id: int | None, words: Collection[str]) -> list[ColumnElement[bool]]:
    """Which released answers are shown: not taken back, of the body, with every word in title or text."""
    wanted: list[ColumnElement[bool]] = [ReleasedAnswerRow.taken_back_at.is_(None)]
    if agency_id is not None:
        wanted.append(ReleasedAnswerRow.agency_id == agency_id)
    for word in words:
        wanted.append(
            or_(
                ReleasedAnswerRow.title.icontains(word, autoescape=True),
                ReleasedAnswerRow.text.icontains(word, autoescape=True),
            )
        )
    return wanted


def count_released(unit: Unit, agency_id: int | None, words: Collection[str]) -> int:
    """How many released answers fit. agency_id None: of all bodies."""
    query = select(func.count(ReleasedAnswerRow.id)).where(*_shown(agency_id, words))
    return unit.session.scalar(query) or 0


def released(
    unit: Unit, agency_id: int | None, words: Collection[str], first: int, most: int
) -> list[ReleasedAnswerRow]:
    """Those that fit, the newest first, from one of them on."""
    query = (
        select(ReleasedAnswerRow)
        .where(*_shown(agency_id, words))
        .order_by(ReleasedAnswerRow.released_on.desc(), ReleasedAnswerRow.id.desc())
        .offset(first)
        .limit(most)
    )
    return list(unit.session.scalars(query))


def released_answer(unit: Unit, number: int) -> ReleasedAnswerRow | None:
    """A released answer that is shown."""
    query = select(ReleasedAnswerRow).where(
        ReleasedAnswerRow.id == number, ReleasedAnswerRow.taken_back_at.is_(None)
    )
    return unit.session.scalar(query)


def released_of_case(unit: Unit, case_id: int) -> list[ReleasedAnswerRow]:
    """What was released of a case, also what was taken back, the oldest first."""
    query = select(ReleasedAnswerRow).where(ReleasedAnswerRow.case_id == case_id)
    return list(unit.session.scalars(query.order_by(ReleasedAnswerRow.id)))
