"""The unit of work: a transaction with the few ways in which the store is read and written.

Only `append` writes what follows from a case's log, and it writes log row and case row together.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.case.number import number_of
from workflow.store.at_hand import Head, heads_of, new_row
from workflow.store.chain import hash_before
from workflow.store.counters import count_numbers
from workflow.store.counts import Place, change_counts, words_of_year
from workflow.store.dialect_index import Indexed, unwrite_index, write_index
from workflow.store.due_change_models import DueChangeRow
from workflow.store.house import House
from workflow.store.indexed import applicant_terms, as_kept, line_terms, opening_terms
from workflow.store.models import (
    AgencyRow,
    ApplicantRow,
    CaseRow,
)
from workflow.store.prepared import Prepared
from workflow.store.restored import header_of
from workflow.store.rules_mark import MARK
from workflow.store.sealed import Secrets
from workflow.store.seals import (
    BESIDE,
    MOVED,
    NEVER_CHANGED,
    RECORD,
    Private,
    beginning,
    beginning_seals,
    moved_said,
    record_said,
    seal_head,
    seal_line,
    seal_start,
)
from workflow.store.writing import (
    Watched,
    applicant_values,
    case_values,
    event_values,
    known_watched,
    opening_values,
    sealed_head,
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
    .where(CaseRow.query_hash.in_(bindparam("hashes", expanding=True)))
    .options(joinedload(CaseRow.agency))
)
_LOCKED_BY_HASH = _locking(_BY_HASH)


def _begun(row: CaseRow) -> str:
    return beginning({name: getattr(row, name) for name in NEVER_CHANGED})


def record_of(row: CaseRow) -> str:
    """What the seal of a case is over, as row and applicants in the session say it."""
    beside = {name: getattr(row, name) for name in BESIDE}
    private = [(person.sealed, person.identity) for person in row.applicants]
    return record_said(row.agency.code, row.number, beside, private)


class Unit(House):
    """What can be asked of the store and said to it within one transaction."""

    def __init__(
        self, session: Session | None = None, *, connection: Connection | None = None
    ) -> None:
        super().__init__(session, connection=connection)
        self._counted: Counter[Place] = Counter()
        self._indexed: list[Indexed] = []

    # -- cases -------------------------------------------------------------------------------------

    def next_number(self, agency: AgencyRow, year: int, keys: Secrets) -> str:
        """The next request number of the body and year: 2026-0012. Counted up in one step: whoever wants
        the next one waits until this transaction has ended. keys: seal the count."""
        return self.next_numbers(agency, year, 1, keys)[0]

    def next_numbers(self, agency: AgencyRow, year: int, count: int, keys: Secrets) -> list[str]:
        """The same for several at once, in order."""
        last = count_numbers(self.connection, agency.id, agency.code, year, count, keys)
        return [number_of(year, number) for number in range(last - count + 1, last + 1)]

    def begin_case(
        self,
        agency: AgencyRow,
        header: Header,
        opened_on: date,
        submitted_at: datetime,
        keys: Secrets,
        salt: str,
        private: Sequence[Private],
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
        opening |= beginning_seals(keys, header, opening, private)
        case_id = write_opening(self.connection, keys, opening, header, private)
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
        *,
        salt: str | None = None,
        private: Sequence[Private] | None = None,
        **fields: Any,
    ) -> CaseRow:
        """A case without events, in the session. Its query code follows from the keys and the salt, a new one unless it
        is given. private: what is sealed of each applicant with that salt, and the hash of the proof of identity; numbers:
        by which the applicants are found (`numbers_of`)."""
        salt = salt or keys.new_salt()
        query_hash = keys.query_hash(header.number, keys.query_code(salt))
        opening = opening_values(
            agency.id, header, opened_on, submitted_at, salt, query_hash, **fields
        )
        known = private or [(None, None)] * len(header.applicants)
        opening |= beginning_seals(keys, header, opening, known)
        row = CaseRow(
            agency=agency,
            applicants=[
                ApplicantRow(
                    **person,
                    name_hash=keys.name_hash(person["name"]),
                    sealed=sealed,
                    identity=identity,
                )
                for person, (sealed, identity) in zip(applicant_values(header), known, strict=True)
            ],
            **opening,
        )
        self.session.add(row)
        self.session.flush()
        self._index_case(row.id, row.agency_id, header, keys, numbers)
        return row

    def _index_case(
        self, case_id: int, agency_id: int, header: Header, keys: Secrets, numbers: Collection[str]
    ) -> None:
        names = [one.name for one in header.applicants]
        opening = opening_terms(agency_id, case_id, header.number, header.request, header.items)
        asking = applicant_terms(keys, agency_id, case_id, names, numbers)
        self.index(*as_kept(keys, [opening, asking]))

    @staticmethod
    def seal_record(row: CaseRow, keys: Secrets) -> None:
        """Seal what a case is besides its log, as its row and its applicants in the session say it: to be called by whoever
        changes something of it, with the row locked."""
        row.seal = keys.digest(RECORD, record_of(row))
        if not row.length:
            row.head_seal = seal_start(keys, header_of(row), row.opened_on)

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

    def by_query_hash(self, hashes: Sequence[str], *, lock: bool = False) -> CaseRow | None:
        """The case with its body that one of the hashes opens (each key makes another one); its log is not read yet.
        Without a lock it is asked of the store once in a transaction."""
        known: dict[str, CaseRow] = self.session.info.setdefault("by_query_hash", {})
        if lock or hashes[0] not in known:
            query = _LOCKED_BY_HASH if lock else _BY_HASH
            found = self.session.scalar(query, {"hashes": list(hashes)})
            if found is None:
                return None
            known[hashes[0]] = found
        return known[hashes[0]]

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
        keys: Secrets,
        once: str | None = None,
        watched: set[Watched] | None = None,
    ) -> set[Watched]:
        """Write a line of the log and the case row that follows from it, sealed with the keys. The row stands in the store.
        watched: the days that are watched so far, if that is known; returns those from now on."""
        if watched is None:
            watched = known_watched(self.connection, row.id) if row.length else set()
        before = row.head_hash if row.length else hash_before(case.header, row.opened_on)
        values = event_values(row.id, line, before, once)
        values["seal"] = seal_line(keys, values, "" if row.length else _begun(row))
        write_lines(self.connection, [values])
        said = line_terms(row.agency_id, row.id, line.seq, values["fields"])
        self.index(*as_kept(keys, said))
        after = case_values(case, values["hash"])
        self.follow(row, sealed_head(keys, case.header, after, row.moved_seal))
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

    def add_due_change(self, row: CaseRow, keys: Secrets, **said: Any) -> None:
        """Keep that a case's due days have moved (columns of DueChangeRow), sealed after those before it."""
        agency, number = row.agency.code, row.number
        row.moved_seal = keys.digest(MOVED, moved_said(row.moved_seal, agency, number, said))
        row.head_seal = seal_head(keys, agency, number, row.length, row.head_hash, row.moved_seal)
        self.session.add(DueChangeRow(case_id=row.id, seal=row.moved_seal, **said))

    def recount(self, agency_id: int, old: str | None, new: str | None) -> None:
        """A case of the body is counted under another word (CaseRow.counted_as); None: under none."""
        if old is not None:
            self._counted[agency_id, old] -= 1
        if new is not None:
            self._counted[agency_id, new] += 1

    def index(self, *texts: Indexed) -> None:
        """Let texts that were written be found (workflow.store.indexed)."""
        self._indexed += texts

    def unindex(self, *texts: Indexed) -> None:
        """Let texts that were found so be found no more."""
        self.settle()
        unwrite_index(self.connection, texts)

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
