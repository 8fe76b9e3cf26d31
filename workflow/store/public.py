"""What the public pages ask of the store: how bodies can be reached, and what they published."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from workflow.store.dialect import among
from workflow.store.models import SettingRow
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
