"""Kept counts: changed with the cases that they count, made anew, and held to them (docs/decisions/0017)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, insert, select

from workflow.report.tables.kept import kept_of
from workflow.store.count_models import CountRow
from workflow.store.dialect import among, insert_or_add
from workflow.store.models import AgencyRow, Base, CaseRow

Place = tuple[int, str]
"""Id of the body and word."""
REVIEW = "review/"
"""Begins the words of numbered reviews."""
_TABLE: Table = Base.metadata.tables[CountRow.__tablename__]


def change_counts(connection: Connection, changes: Mapping[Place, int]) -> None:
    """Add what changed to the kept counts: one statement; none where nothing changed. Always in the same
    order, so that of two transactions one waits for the other, and never each for the other."""
    rows = _rows(changes)
    if rows:
        connection.execute(insert_or_add(connection.dialect.name, _TABLE, "times"), rows)


def _rows(changes: Mapping[Place, int]) -> list[dict[str, int | str]]:
    """The rows of these words, and of the numbered reviews that they tell of: no year sees the latter, they
    say which reviews several cases share."""
    rows: list[dict[str, int | str]] = []
    reviews: Counter[Place] = Counter()
    for (agency, word), times in sorted(changes.items()):
        if times:
            kept = kept_of(word)
            rows.append(
                {
                    "agency_id": agency,
                    "word": word,
                    "received": _year(kept.case.received_on),
                    "closed": _year(kept.case.closed_on),
                    "last": kept.last,
                    "times": times,
                }
            )
            for review in kept.disputed:
                reviews[agency, REVIEW + review] += times
    rows.extend(
        {
            "agency_id": agency, "word": word, "received": 0, "closed": 0, "last": 0, "times": times
        }
        for (agency, word), times in sorted(reviews.items())
        if times
    )  # fmt: skip
    return rows


def _year(day: date | None) -> int:
    return day.year if day else 0


def rebuild_counts(connection: Connection, agency_ids: Collection[int] | None = None) -> None:
    """Count the words of the case rows anew, of these bodies or of all. Part of the caller's transaction."""
    old = delete(_TABLE)
    if agency_ids is not None:
        old = old.where(among(_TABLE.c.agency_id, agency_ids))
    connection.execute(old)
    rows = _rows(dict(_words_of_cases(connection, agency_ids)))
    if rows:
        connection.execute(insert(_TABLE).inline(), rows)


def _words_of_cases(
    connection: Connection, agency_ids: Collection[int] | None = None
) -> Iterator[tuple[Place, int]]:
    """What the counts must be: one look through the index of the words."""
    query = (
        select(CaseRow.agency_id, CaseRow.counted_as, func.count())
        .where(CaseRow.counted_as.is_not(None))
        .group_by(CaseRow.agency_id, CaseRow.counted_as)
    )
    if agency_ids is not None:
        query = query.where(among(CaseRow.agency_id, agency_ids))
    for agency, word, times in connection.execute(query):
        if word is not None:
            yield (agency, word), times


@dataclass(frozen=True, slots=True)
class WrongCount:
    """A kept count that is not what the cases give. agency: code of the body."""

    agency: str
    word: str
    kept: int
    right: int


def wrong_counts(connection: Connection) -> Iterator[WrongCount]:
    """The kept counts that differ from the case rows, by body and word: how many there are, or in which years
    they are seen."""
    counted = dict(_words_of_cases(connection))
    right = {
        (int(row["agency_id"]), str(row["word"])): _told(row)
        for row in _rows({place: n for place, n in counted.items() if _readable(place[1])})
    }
    right |= {place: (n, 0, 0, 0) for place, n in counted.items() if not _readable(place[1])}
    columns = (_TABLE.c.agency_id, _TABLE.c.word, *(_TABLE.c[name] for name in _TOLD))
    kept = {
        (row.agency_id, row.word): _told(row._mapping)
        for row in connection.execute(select(*columns))
    }
    # Where none is left, the next one of the word will be seen in the years that stand there.
    for place in kept.keys() - right.keys():
        if _readable(place[1]):
            row = next(row for row in _rows({place: 1}) if row["word"] == place[1])
            right[place] = (0, *_told(row)[1:])
    nothing = (0, 0, 0, 0)
    differing = sorted(
        place for place in {*right, *kept} if right.get(place, nothing) != kept.get(place, nothing)
    )
    if differing:
        named = connection.execute(select(AgencyRow.id, AgencyRow.code))
        codes = {key: code for key, code in named}
        for agency, word in differing:
            place = (agency, word)
            yield WrongCount(
                codes.get(agency, str(agency)),
                word,
                kept.get(place, nothing)[0],
                right.get(place, nothing)[0],
            )


_TOLD = ("times", "received", "closed", "last")


def _told(row: Mapping[Any, Any]) -> tuple[int, int, int, int]:
    times, received, closed, last = (int(row[name]) for name in _TOLD)
    return times, received, closed, last


def _readable(word: str) -> bool:
    """False for what no case can say: a row of a case that was tampered with, which `verify` names itself."""
    if word.startswith(REVIEW):
        return False
    try:
        kept_of(word)
    except (ValueError, KeyError, TypeError):
        return False
    return True


# -- reading ------------------------------------------------------------------------------------------


def words_of_year(
    connection: Connection, agency_ids: Collection[int], year: int
) -> dict[int, dict[str, int]]:
    """By id of the body: the words of which the reports of the year see something, and how many cases have
    each."""
    query = select(_TABLE.c.agency_id, _TABLE.c.word, _TABLE.c.times).where(
        *_seen(agency_ids, year)
    )
    found: dict[int, dict[str, int]] = {}
    for agency, word, times in connection.execute(query):
        found.setdefault(agency, {})[word] = times
    return found


def words_of_bodies(
    connection: Connection, agency_ids: Collection[int], year: int
) -> Iterator[tuple[str, int]]:
    """The same of several bodies together: each word once."""
    query = (
        select(_TABLE.c.word, func.sum(_TABLE.c.times))
        .where(*_seen(agency_ids, year))
        .group_by(_TABLE.c.word)
    )
    yield from connection.execute(query)


def words_marked(
    connection: Connection, agency_ids: Collection[int], year: int, name: str
) -> list[tuple[str, int]]:
    """The same, of the words that say something under a name (late, fees, look)."""
    query = (
        select(_TABLE.c.word, func.sum(_TABLE.c.times))
        .where(*_seen(agency_ids, year), _TABLE.c.word.contains(f'"{name}":', autoescape=True))
        .group_by(_TABLE.c.word)
    )
    return [(word, times) for word, times in connection.execute(query)]


def words_of_each_marked(
    connection: Connection, agency_ids: Collection[int], year: int, name: str
) -> dict[int, list[str]]:
    """The same by the id of the body."""
    query = select(_TABLE.c.agency_id, _TABLE.c.word).where(
        *_seen(agency_ids, year), _TABLE.c.word.contains(f'"{name}":', autoescape=True)
    )
    found: dict[int, list[str]] = {}
    for agency, word in connection.execute(query):
        found.setdefault(agency, []).append(word)
    return found


def _seen(agency_ids: Collection[int], year: int) -> tuple[ColumnElement[bool], ...]:
    return among(_TABLE.c.agency_id, agency_ids), _TABLE.c.last >= year, _TABLE.c.times > 0


def words_of_shared_reviews(
    connection: Connection, agency_ids: Collection[int]
) -> dict[int, set[str]]:
    """By id of the body: the words of the cases of any year that tell of a review of several cases."""
    shared = select(_TABLE.c.agency_id, _TABLE.c.word).where(
        among(_TABLE.c.agency_id, agency_ids),
        _TABLE.c.word.between(REVIEW, REVIEW + "~"),
        _TABLE.c.times > 1,
    )
    marks: dict[int, set[str]] = {}
    for agency, word in connection.execute(shared):
        marks.setdefault(agency, set()).add(word.removeprefix(REVIEW))
    found: dict[int, set[str]] = {}
    if marks:
        disputed = select(_TABLE.c.agency_id, _TABLE.c.word).where(
            among(_TABLE.c.agency_id, marks),
            _TABLE.c.word.contains("{"),
            _TABLE.c.times > 0,
        )
        for agency, word in connection.execute(disputed):
            if marks[agency].intersection(kept_of(word).disputed):
                found.setdefault(agency, set()).add(word)
    return found


def spans_of(connection: Connection, agency_ids: Collection[int]) -> Iterator[tuple[int, int, int]]:
    """Id of the body, the year of its first receipt, and that of its last receipt or closing; bodies without
    cases are left out."""
    for body, first, received, closed in connection.execute(_spans(agency_ids)):
        yield body, first, max(received, closed)


def _spans(agency_ids: Collection[int]) -> Select[int, int, int, int]:
    return (
        select(
            _TABLE.c.agency_id,
            func.min(_TABLE.c.received).label("first"),
            func.max(_TABLE.c.received).label("received"),
            func.max(_TABLE.c.closed).label("closed"),
        )
        .where(among(_TABLE.c.agency_id, agency_ids), _TABLE.c.received > 0, _TABLE.c.times > 0)
        .group_by(_TABLE.c.agency_id)
    )


def cases_by_year(connection: Connection, agency_id: int) -> dict[int, int]:
    """How many cases of the body were received in each year."""
    query = (
        select(_TABLE.c.received, func.sum(_TABLE.c.times))
        .where(_TABLE.c.agency_id == agency_id, _TABLE.c.received > 0)
        .group_by(_TABLE.c.received)
    )
    return {year: times for year, times in connection.execute(query)}


def received_until(connection: Connection, agency_ids: Collection[int], year: int) -> bool:
    """Whether one of the bodies received a case until the end of the year."""
    query = select(_TABLE.c.received).where(
        among(_TABLE.c.agency_id, agency_ids),
        _TABLE.c.received.between(1, year),
        _TABLE.c.times > 0,
    )
    return connection.execute(query.limit(1)).first() is not None
