"""The unit of work: a transaction with the few ways in which the store is read and written.

Only `append` writes what follows from a case's log, and it writes log row and case row together.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.case.number import number_of
from workflow.store.at_hand import Head, heads_of, new_row
from workflow.store.chain import hash_before
from workflow.store.counts import Place, change_counts, words_of_year
from workflow.store.dialect_index import Indexed, write_index
from workflow.store.house import House
from workflow.store.indexed import applicant_terms, line_terms, opening_terms
from workflow.store.models import (
    AgencyRow,
    ApplicantRow,
    CaseRow,
)
from workflow.store.prepared import Prepared
from workflow.store.rules_mark import MARK
from workflow.store.sealed import Secrets, new_salt
from workflow.store.writing import (
    Watched,
    applicant_values,
    case_values,
    count_numbers,
    event_values,
    known_watched,
    opening_values,
    watched_values,
    write_lines,
    write_opening,
    write_row,
    write_watched,
)

_SUBMITTED = Prepared(
    select(CaseRow.__table__.c.id).where(CaseRow.__table__.c.submit_key == bindparam("key"))
)


WORDS = "words"
"""Of a transaction: what was read of the kept counts."""


def _locking(query: Select[CaseRow]) -> Select[CaseRow]:
    """For moving a case: nobody else moves it until this transaction has ended. Messages about it may be
    written meanwhile."""
    return query.with_for_update(of=CaseRow, key_share=True)


# What every page asks is built once.
_NUMBERED = (
    select(CaseRow)
    .join(CaseRow.agency)
    .where(
        AgencyRow.code.in_(bindparam("codes", expanding=True)),
        CaseRow.number == bindparam("number"),
    )
    .options(
        contains_eager(CaseRow.agency),
        joinedload(CaseRow.applicants),
        selectinload(CaseRow.log),
        undefer(CaseRow.some_were_followed),
    )
    .order_by(AgencyRow.id)
)
_LOCKED_NUMBERED = _locking(_NUMBERED)
_BY_HASH = (
    select(CaseRow)
    .where(CaseRow.query_hash == bindparam("hash"))
    .options(joinedload(CaseRow.agency))
)
_LOCKED_BY_HASH = _locking(_BY_HASH)


class Unit(House):
    """What can be asked of the store and said to it within one transaction."""

    def __init__(
        self, session: Session | None = None, *, connection: Connection | None = None
    ) -> None:
        super().__init__(session, connection=connection)
        self._counted: Counter[Place] = Counter()
        self._indexed: list[Indexed] = []

    # -- cases -------------------------------------------------------------------------------------

    def next_number(self, agency: AgencyRow, year: int) -> str:
        """The next request number of the body and year: 2026-0012. Counted up in one step: whoever wants
        the next one waits until this transaction has ended."""
        return self.next_numbers(agency, year, 1)[0]

    def next_numbers(self, agency: AgencyRow, year: int, count: int) -> list[str]:
        """The same for several at once, in order."""
        last = count_numbers(self.connection, agency.id, year, count)
        return [number_of(year, number) for number in range(last - count + 1, last + 1)]

    def begin_case(
        self,
        agency: AgencyRow,
        header: Header,
        opened_on: date,
        submitted_at: datetime,
        keys: Secrets,
        salt: str,
        private: Iterable[tuple[bytes | None, str | None]],
        numbers: Collection[str] = (),
        **fields: Any,
    ) -> CaseRow:
        """A case without events in the store, and at hand. Its query code follows from the keys and the
        salt; private: what is sealed of each applicant, and the hash of the proof of identity; numbers: by which
        the applicants are found (`numbers_of`)."""
        query_hash = keys.query_hash(header.number, keys.query_code(salt))
        opening = opening_values(
            agency.id, header, opened_on, submitted_at, salt, query_hash, **fields
        )
        case_id = write_opening(self.connection, opening, header, private)
        row = new_row(case_id, opening, agency)
        self.put_at_hand(row)
        self._index_case(row.id, agency.id, header, keys, numbers)
        return row

    def add_case(
        self,
        agency: AgencyRow,
        header: Header,
        opened_on: date,
        submitted_at: datetime,
        keys: Secrets,
        numbers: Collection[str] = (),
        **fields: Any,
    ) -> CaseRow:
        """A case without events; its applicants carry no sealed data yet. Its query code follows from
        the keys and a salt. numbers: by which the applicants are found (`numbers_of`)."""
        salt = new_salt()
        query_hash = keys.query_hash(header.number, keys.query_code(salt))
        row = CaseRow(
            agency=agency,
            applicants=[ApplicantRow(**person) for person in applicant_values(header)],
            **opening_values(
                agency.id, header, opened_on, submitted_at, salt, query_hash, **fields
            ),
        )
        self.session.add(row)
        self.session.flush()
        self._index_case(row.id, row.agency_id, header, keys, numbers)
        return row

    def _index_case(
        self, case_id: int, agency_id: int, header: Header, keys: Secrets, numbers: Collection[str]
    ) -> None:
        names = [one.name for one in header.applicants]
        self.index(
            opening_terms(agency_id, case_id, header.number, header.request, header.items),
            applicant_terms(keys, agency_id, case_id, names, numbers),
        )

    def case_row(self, agency_ids: Iterable[int], number: str) -> CaseRow | None:
        query = (
            select(CaseRow)
            .where(CaseRow.agency_id.in_(list(agency_ids)), CaseRow.number == number)
            .options(
                selectinload(CaseRow.applicants),
                selectinload(CaseRow.log),
                joinedload(CaseRow.agency),
            )
        )
        return self.session.scalar(query)

    def cases_numbered(
        self, codes: Iterable[str], number: str, *, lock: bool = False
    ) -> list[CaseRow]:
        """The cases of that number in the bodies of these codes: one for each body at most."""
        query = _LOCKED_NUMBERED if lock else _NUMBERED
        found = self.session.scalars(query, {"codes": list(codes), "number": number})
        return list(found.unique())

    def by_query_hash(self, query_hash: str, *, lock: bool = False) -> CaseRow | None:
        """The case with its body; its log is not read yet. Without a lock it is asked of the store once in
        a transaction."""
        known: dict[str, CaseRow] = self.session.info.setdefault("by_query_hash", {})
        if lock or query_hash not in known:
            query = _LOCKED_BY_HASH if lock else _BY_HASH
            found = self.session.scalar(query, {"hash": query_hash})
            if found is None:
                return None
            known[query_hash] = found
        return known[query_hash]

    def by_submit_key(self, key: str) -> CaseRow | None:
        found = _SUBMITTED.rows(self.connection, {"key": key})
        return self.session.get(CaseRow, found[0][0]) if found else None

    def heads_of(self, codes: Collection[str], number: str) -> list[Head]:
        """The cases of that number, one for each body at most, locked for being moved."""
        found = heads_of(self.connection, codes, number)
        if found:
            self.info[MARK] = found[0].mark or ""
        return found

    def append(
        self,
        row: CaseRow,
        case: Case,
        line: Logged,
        once: str | None = None,
        watched: set[Watched] | None = None,
    ) -> set[Watched]:
        """Write a line of the log and the case row that follows from it. The row stands in the store.
        watched: the days that are watched so far, if that is known; returns those from now on."""
        if watched is None:
            watched = known_watched(self.connection, row.id) if row.length else set()
        before = row.head_hash if row.length else hash_before(case.header, row.opened_on)
        values = event_values(row.id, line, before, once)
        write_lines(self.connection, [values])
        self.index(*line_terms(row.agency_id, row.id, line.seq, values["fields"]))
        self.follow(row, case_values(case, values["hash"]))
        wanted = watched_values(case)
        self.watch(row, watched, wanted)
        return wanted

    def follow(self, row: CaseRow, values: Mapping[str, Any]) -> dict[str, Any]:
        """Bring a case row to these values, which follow from its log (`projection`, `case_values`); the
        old ones of what changed."""
        changed = write_row(self.connection, row, values)
        if "held_by" in changed:
            self.session.expire(row, ["holder"])
        if "counted_as" in changed:
            self.recount(row.agency_id, changed["counted_as"], row.counted_as)
        return changed

    def recount(self, agency_id: int, old: str | None, new: str | None) -> None:
        """A case of the body is counted under another word (CaseRow.counted_as); None: under none."""
        if old is not None:
            self._counted[agency_id, old] -= 1
        if new is not None:
            self._counted[agency_id, new] += 1

    def index(self, *texts: Indexed) -> None:
        """Let texts that were written be found (workflow.store.indexed)."""
        self._indexed += texts

    def settle(self) -> None:
        """Write what has changed in the kept counts and the index. Done at the end of every transaction that
        writes, and before the counts are read within it."""
        if self._indexed:
            write_index(self.connection, self._indexed)
            self._indexed.clear()
        if self._counted:
            change_counts(self.connection, self._counted)
            self._counted.clear()
            self.info.pop(WORDS, None)

    def words(self, agency_ids: Iterable[int], year: int) -> dict[int, dict[str, int]]:
        """By id of the body: the words of which the reports of the year see something, and how many cases
        have each. Asked of the store once within the transaction."""
        self.settle()
        known: dict[tuple[int, int], dict[str, int]] = self.info.setdefault(WORDS, {})
        wanted = list(agency_ids)
        lacking = [body for body in wanted if (body, year) not in known]
        if lacking:
            found = words_of_year(self.connection, lacking, year)
            known |= {(body, year): found.get(body, {}) for body in lacking}
        return {body: known[body, year] for body in wanted}

    def watch(self, row: CaseRow, known: set[Watched], wanted: set[Watched]) -> None:
        """Bring the watched days of a case from those that it has to those that follow from its log."""
        write_watched(self.connection, row.id, row.agency_id, known, wanted)
