"""What the public pages ask of the store: how bodies can be reached, and what they published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import nlargest
from math import log

from sqlalchemy import ColumnElement, func, select

from workflow.case.terms import Word, terms
from workflow.store.chosen import permitted
from workflow.store.dialect import among
from workflow.store.dialect_index import Sought, from_index, from_index_each
from workflow.store.indexed import PUBLIC, RELEASED_KIND, RELEASED_TEXTS, answer_of_text
from workflow.store.models import SettingRow
from workflow.store.picture_models import PictureRow
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
    rows = permitted(unit.session.execute(query), lambda row: row.name, lambda row: row.value)
    for agency, name, value, recorded_at in rows:
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


@dataclass(frozen=True)
class ReportThere:
    """A report that is published, without its figures. steps: as its version keeps them."""

    agency_id: int
    year: int
    version: int
    steps: list[dict[str, str]]


def reports_there(
    unit: Unit, agency_ids: Collection[int] | None, first: int, number: int
) -> tuple[list[ReportThere], int]:
    """The published reports of bodies (None: of all), the last year first and of a year what was drawn up last:
    some of them, each in its latest version, and how many there are."""
    row = ReportVersionRow
    latest = select(row.agency_id, row.year, func.max(row.version).label("version")).where(
        row.state == "published"
    )
    if agency_ids is not None:
        latest = latest.where(among(row.agency_id, agency_ids))
    there = latest.group_by(row.agency_id, row.year).subquery()
    many = unit.session.scalar(select(func.count()).select_from(there)) or 0
    query = (
        select(row.agency_id, row.year, row.version, row.steps)
        .join(
            there,
            (there.c.agency_id == row.agency_id)
            & (there.c.year == row.year)
            & (there.c.version == row.version),
        )
        .order_by(row.year.desc(), row.id.desc())
        .offset(first)
        .limit(number)
    )
    return [ReportThere(*found) for found in unit.session.execute(query)], many


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


FOUND_MOST = 10_000
"""So many answers are shown of what was found; the latest."""
COMPARED, COMMON = 60, 300
"""So many terms are compared; one that stands in so many of the latest answers tells nothing."""


def _shown(agency_id: int | None) -> list[ColumnElement[bool]]:
    """Which released answers are shown: not taken back, of the body."""
    wanted: list[ColumnElement[bool]] = [ReleasedAnswerRow.taken_back_at.is_(None)]
    if agency_id is not None:
        wanted.append(ReleasedAnswerRow.agency_id == agency_id)
    return wanted


def count_released(unit: Unit, agency_id: int | None) -> int:
    """How many released answers there are. agency_id None: of all bodies."""
    query = select(func.count(ReleasedAnswerRow.id)).where(*_shown(agency_id))
    return unit.session.scalar(query) or 0


_NEWEST = (ReleasedAnswerRow.released_on.desc(), ReleasedAnswerRow.id.desc())


def released(unit: Unit, agency_id: int | None, first: int, most: int) -> list[ReleasedAnswerRow]:
    """The newest first, from one of them on."""
    query = select(ReleasedAnswerRow).where(*_shown(agency_id)).order_by(*_NEWEST)
    return list(unit.session.scalars(query.offset(first).limit(most)))


def released_with(unit: Unit, agency_id: int | None, words: Collection[Word]) -> list[int]:
    """The ids of released answers in which every word stands, the newest first. What it costs follows what is found."""
    found: set[int] | None = None
    for word in words:
        sought = Sought(tuple(f"{PUBLIC}{term}" for term in word.phrase), word.opens)
        texts = set(map(answer_of_text, from_index(unit.connection, [sought], *RELEASED_TEXTS)))
        found = texts if found is None else found & texts
        if not found:
            return []
    latest = nlargest(FOUND_MOST, found or ())
    query = select(ReleasedAnswerRow.id).where(
        among(ReleasedAnswerRow.id, latest), *_shown(agency_id)
    )
    return list(unit.session.scalars(query.order_by(*_NEWEST)))


def released_alike(unit: Unit, texts: Collection[str]) -> dict[int, float]:
    """Released answers in which terms of these texts stand, by id, each with the share of what the terms tell that it
    has (as `workflow.store.similar.alike` of cases), the most alike first, of these the latest."""
    telling = (term for term in terms(*texts) if len(term) > 1 and not term.isdigit())
    wanted = [f"{PUBLIC}{term}" for term in dict.fromkeys(telling)][:COMPARED]
    each = from_index_each(unit.connection, wanted, *RELEASED_TEXTS, RELEASED_KIND, COMMON)
    found: dict[int, float] = {}
    whole = 0.0
    for of_term in each:
        if len(of_term) >= COMMON:
            continue
        weight = log((COMMON + 1) / (len(of_term) + 1))
        whole += weight
        for text in set(of_term):
            answer = answer_of_text(text)
            found[answer] = found.get(answer, 0.0) + weight
    shares = {answer: round(told / whole, 2) for answer, told in found.items()}
    return dict(sorted(shares.items(), key=lambda one: (-one[1], -one[0])))


def released_among(unit: Unit, ids: Sequence[int]) -> list[ReleasedAnswerRow]:
    """Those of these that are shown, in their order."""
    if not ids:
        return []
    query = select(ReleasedAnswerRow).where(among(ReleasedAnswerRow.id, ids), *_shown(None))
    rows = {row.id: row for row in unit.session.scalars(query)}
    return [rows[id_] for id_ in ids if id_ in rows]


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


def picture(unit: Unit, agency_id: int, digest: str) -> bytes | None:
    """A picture of a body's site, by its SHA-256."""
    query = select(PictureRow.content).where(
        PictureRow.agency_id == agency_id, PictureRow.digest == digest
    )
    return unit.session.scalar(query)
