"""The register of parcels (来件登记簿): every parcel to the body, who signed for it, and what became of it.

What was signed for and is not registered is the list that is looked at every day: its period runs already
(practice.md §7, cases 1 and 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from config.law import load_law
from config.reminders import load_ladder
from workflow.case.application import Arrival, OfflineForm
from workflow.case.parcel import DueAlready, ParcelForm, due_already, plain_tracking, read_parcel
from workflow.dates import in_words
from workflow.events import field_errors
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.messages.taking_back import TakingBack
from workflow.service.office import Missing, Office
from workflow.service.own_unit import seen_by, sight_in
from workflow.store import messages as message_queries
from workflow.store import parcels as queries
from workflow.store.audit import audited
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.parcel_models import ParcelRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

KEEP = "keep_parcels"
PAGE = 100
"""Entries of one page."""
MOST_OPEN = 200
"""Open ones that one page shows; the longest waiting come first."""
SEALED = ("signed_by", "addressed_to", "sender", "postmarked_on", "handed_to")
CASE, UNRELATED = "case", "unrelated"
WAY_OF = {"ems": "ems", "ordinary_mail": "ordinary"}
"""The way of a parcel where the form does not name it, by the way in of the application."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An entry as pages show it. case: number of the application that it became; words: why it is none; due: what the
    clock says while nobody has said either."""

    id: int
    agency: str
    year: int
    entry: int
    label: str
    way: str
    way_label: str
    channel: str
    tracking: str
    arrived_on: date
    signed_by: str
    addressed_to: str
    sender: str
    postmarked_on: date | None
    handed_to: str
    handed_on: date | None
    settled: str | None
    settled_at: datetime | None
    settled_by: str
    case: str | None
    words: str
    actor: str
    recorded_at: datetime
    due: DueAlready | None = None


@dataclass(frozen=True, slots=True)
class ParcelBook:
    """The register of a body and year. waiting: what is open of every year, the longest waiting first; of how many."""

    agency: str
    name: str
    year: int
    years: tuple[int, ...]
    entries: tuple[Parcel, ...]
    count: int
    page: int
    pages: int
    waiting: tuple[Parcel, ...]
    open: int


class Parcels:
    """Keeping the register."""

    def __init__(self, office: Office) -> None:
        self.office = office

    # -- reading ------------------------------------------------------------------------------------

    def book(
        self,
        staff: Staff,
        agency: str,
        year: int | None = None,
        page: int = 1,
        *,
        all_: bool = False,
    ) -> ParcelBook:
        """The register of a year (None: this one), a page of it or all. Raises Missing and Denied."""
        with self.office.store.read() as unit:
            body, today = self._body(unit, staff, agency), self.office.today()
            year = year or today.year
            sight = sight_in(self.office, unit, staff, [agency])
            number = queries.count(unit, body.id, year, sight)
            pages = max(1, -(-number // PAGE))
            page = min(max(1, page), pages)
            rows = queries.of_year(
                unit, body.id, year,
                offset=0 if all_ else (page - 1) * PAGE, limit=None if all_ else PAGE,
                sight=sight,
            )  # fmt: skip
            years = {*queries.years_of(unit, body.id), today.year, year}
            return ParcelBook(
                agency, body.name, year, tuple(sorted(years, reverse=True)),
                tuple(self._view(unit, body, row, case) for row, case in rows),
                number, page, pages,
                tuple(self._view(unit, body, row) for row in queries.open_of(unit, body.id, MOST_OPEN)),
                queries.count_open(unit, body.id),
            )  # fmt: skip

    def one(self, staff: Staff, which: int) -> Parcel:
        """Raises Missing and Denied."""
        with self.office.store.read() as unit:
            row, body, case = self._row(unit, staff, which)
            return self._view(unit, body, row, case)

    # -- writing ------------------------------------------------------------------------------------

    @retried
    def add(
        self, staff: Staff, agency: str, given: Mapping[str, Any], key: str | None = None
    ) -> Parcel:
        """A parcel more; the same key makes it once. Raises Missing, Denied, BadInput."""
        form = read_parcel(self.office.law, given, self.office.today())
        once = self.office.keys.mark("parcel", f"{staff.id}\n{key}") if key else None
        with self.office.store.write() as unit:
            body = self._body(unit, staff, agency)
            known = queries.made_by(unit, once) if once else None
            row = known or add_parcel(self.office, unit, body, form, staff.name, once)
            return self._view(unit, body, row)

    @retried
    def change(self, staff: Staff, which: int, given: Mapping[str, Any]) -> None:
        """What the entry says from now on, the handing over among it; its number stays. The day, way and number of a
        parcel that became an application stay too. Raises Missing, Denied, BadInput."""
        form = read_parcel(self.office.law, given, self.office.today())
        with self.office.store.write() as unit:
            row, body, _ = self._row(unit, staff, which, for_writing=True)
            before = self._form(row)
            changed = [name for name in type(form).model_fields if getattr(form, name) != getattr(before, name)]  # fmt: skip
            fixed = [name for name in ("way", "tracking", "arrived_on") if name in changed]
            if row.settled == CASE and fixed:
                words = "已经登记为申请，这一项不能再改；收到之日有误的，在申请页面办理“更正登记”"
                raise BadInput([FieldError(name, words) for name in fixed])
            if form.arrived_on.year != row.year:
                raise BadInput([FieldError("arrived_on", f"这一条登记在 {row.year} 年，只能改在这一年之内")])  # fmt: skip
            if not changed:
                return
            _ask_tracking(unit, body, form, row)
            self._write(unit, row, form)
            handed = {"handed_to", "handed_on"}
            if before.handed_to or not handed.issuperset(changed):
                self._note(unit, staff, row, "parcel_changed", fields=changed)
            if "arrived_on" in changed or "way" in changed:
                take_back(self.office, unit, body, row.label)

    @retried
    def unrelated(self, staff: Staff, which: int, words: str) -> None:
        """It holds no application: why. Raises Missing, Denied, BadInput (words)."""
        words = words.strip()
        if not words or len(words) > 200 or bears_secret_mark(words):
            raise BadInput([FieldError("words", "请写明是什么来件，最多 200 个字，不写涉密内容")])
        with self.office.store.write() as unit:
            row, body, case = self._row(unit, staff, which, for_writing=True)
            if row.settled == CASE:
                raise BadInput([FieldError("words", f"这件来件已经登记为申请 {case}")])
            queries.unindex(unit, self.office.keys, row)
            self._seal(row, {**self._open(row), "words": words})
            unit.index(*queries.terms_of(self.office.keys, row))
            settle(self.office, unit, row, body, staff, UNRELATED)
            self._note(unit, staff, row, "parcel_unrelated")

    @retried
    def reopen(self, staff: Staff, which: int) -> None:
        """It does hold one after all. Raises Missing, Denied."""
        with self.office.store.write() as unit:
            row, _, _ = self._row(unit, staff, which, for_writing=True)
            if row.settled != UNRELATED:
                raise Missing("这件来件没有记为与依申请公开无关")
            row.settled = row.settled_at = row.settled_by = None
            self._note(unit, staff, row, "parcel_reopened")

    # -- the parts ----------------------------------------------------------------------------------

    def _body(self, unit: Unit, staff: Staff, agency: str) -> AgencyRow:
        body = self.office.found_agency(unit, agency)
        if agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不属于您的机关")
        permissions.ask(self.office.law, KEEP, staff.roles[agency])
        return body

    def _row(
        self, unit: Unit, staff: Staff, which: int, *, for_writing: bool = False
    ) -> tuple[ParcelRow, AgencyRow, str | None]:
        found = queries.one(unit, which)
        if found is not None and for_writing:
            queries.at_hand(unit, which)
        code = self.office.tree(unit).by_id[found[0].agency_id].code if found else ""
        case = found[0].case_id if found else None
        if case is not None and not seen_by(self.office, unit, staff, {case: code}):
            found = None
        if found is None or code not in staff.roles:
            raise Missing("来件登记簿里没有这一条")
        return found[0], self._body(unit, staff, code), found[1]

    def _open(self, row: ParcelRow) -> dict[str, Any]:
        return self.office.keys.open(row.sealed, f"parcel {row.id}")

    def _seal(self, row: ParcelRow, private: Mapping[str, Any]) -> None:
        row.sealed = self.office.keys.seal(dict(private), f"parcel {row.id}")

    def _write(self, unit: Unit, row: ParcelRow, form: ParcelForm) -> None:
        queries.unindex(unit, self.office.keys, row)
        _write(self.office, row, form, self._open(row))
        unit.index(*queries.terms_of(self.office.keys, row))

    def _form(self, row: ParcelRow) -> ParcelForm:
        said = self._open(row)
        return ParcelForm(
            way=row.way, tracking=row.tracking or "", arrived_on=row.arrived_on,
            handed_on=row.handed_on, **{name: said.get(name, "") for name in SEALED},
        )  # fmt: skip

    def _note(self, unit: Unit, by: Staff, row: ParcelRow, action: str, **details: Any) -> None:
        audited(unit, self.office.now(), by.name, row.agency_id, action, row.label, **details)

    def _view(self, unit: Unit, body: AgencyRow, row: ParcelRow, case: str | None = None) -> Parcel:
        return view_of(self.office, unit, body, row, case)


def view_of(
    office: Office, unit: Unit, body: AgencyRow, row: ParcelRow, case: str | None = None
) -> Parcel:
    """An entry as pages show it."""
    said, way = office.keys.open(row.sealed, f"parcel {row.id}"), office.law.words.parcel_ways[row.way]  # fmt: skip
    due = None
    if row.settled is None:
        rules = office.rules(unit, body, row.arrived_on)
        due = due_already(row.way, row.arrived_on, office.today(), rules)
    postmarked = said.get("postmarked_on")
    return Parcel(
        row.id, body.code, row.year, row.entry, row.label, row.way, way["label"], way["channel"],
        row.tracking or "", row.arrived_on, said.get("signed_by", ""), said.get("addressed_to", ""),
        said.get("sender", ""), date.fromisoformat(postmarked) if postmarked else None,
        said.get("handed_to", ""), row.handed_on, row.settled, row.settled_at, row.settled_by or "",
        case, said.get("words", "") if row.settled == UNRELATED else "", row.actor, row.recorded_at, due,
    )  # fmt: skip


def add_parcel(
    office: Office,
    unit: Unit,
    body: AgencyRow,
    form: ParcelForm,
    actor: str,
    once: str | None = None,
) -> ParcelRow:
    """A further entry of the register, in the caller's transaction. Raises BadInput (tracking)."""
    _ask_tracking(unit, body, form, None)
    row = ParcelRow(
        agency_id=body.id, year=form.arrived_on.year,
        entry=queries.next_entry(unit, body.id, form.arrived_on.year),
        actor=actor, recorded_at=office.now(), once=once, way=form.way, arrived_on=form.arrived_on,
        sealed=b"",
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    _write(office, row, form, {})
    unit.session.flush()
    unit.index(*queries.terms_of(office.keys, row))
    return row


def arrived(
    office: Office, unit: Unit, case: CaseRow, form: OfflineForm, staff: Staff, *, to_register: bool
) -> None:
    """What came by post stands in the register of parcels, in the transaction that registers the application: the entry
    that the form names, or the one of its tracking number, becomes the case; to_register: else a further entry does.

    Rule: an application is received on the day on which its letter was signed for: no other day is taken
    without a word. Raises BadInput where the entry is none of the body's, was settled, or says another day or way.
    """
    arrival = form.arrival or Arrival()
    known = None
    if arrival.parcel is not None:
        known = queries.at_hand(unit, arrival.parcel)
        if known is None or known.agency_id != case.agency_id:
            raise BadInput([FieldError("parcel", "来件登记簿里没有这一条，请从来件登记簿重新进入")])
    elif arrival.tracking:
        known = queries.with_tracking(unit, case.agency_id, plain_tracking(arrival.tracking))
    if known is None and (not to_register or form.channel not in WAY_OF):
        return
    row = known or add_parcel(office, unit, case.agency, _entry_of(form, arrival), staff.name)
    _ask_same(office, row, form)
    row.case_id = case.id
    settle(office, unit, row, case.agency, staff, CASE)


def _entry_of(form: OfflineForm, arrival: Arrival) -> ParcelForm:
    way = arrival.way or WAY_OF[form.channel]
    if load_law().words.parcel_ways[way]["channel"] != form.channel:
        raise BadInput([FieldError("arrival.way", "与上面的提交方式不一致，请核对")])
    said = {
        name: getattr(arrival, name) or "" for name in ("tracking", "signed_by", "addressed_to")
    }
    entry = {"way": way, "arrived_on": form.on, "postmarked_on": arrival.postmarked_on, **said}
    try:
        return ParcelForm.model_validate({**entry, "sender": form.applicant.name or ""})
    except ValidationError as error:
        raise BadInput([FieldError(f"arrival.{one.field}", one.message) for one in field_errors(error)]) from error  # fmt: skip


def _ask_same(office: Office, row: ParcelRow, form: OfflineForm) -> None:
    way, errors = office.law.words.parcel_ways[row.way], []
    if row.settled == CASE:
        errors.append(FieldError("parcel", f"来件 {row.label}已经登记为另一件申请，不能再登记一次"))
    if form.on != row.arrived_on:
        words = f"来件登记簿 {row.label}记的是 {in_words(row.arrived_on)}签收，收到之日以签收之日为准；登记簿有误的，请先更正登记簿"
        errors.append(FieldError("on", words))
    if form.channel != way["channel"]:
        errors.append(
            FieldError(
                "channel", f"来件登记簿 {row.label}记的是“{way['label']}”，请选择相应的提交方式"
            )
        )
    if errors:
        raise BadInput(errors)


def settle(
    office: Office, unit: Unit, row: ParcelRow, body: AgencyRow, staff: Staff, how: str
) -> None:
    """Somebody has said what the parcel is: nobody is reminded of it any more."""
    row.settled, row.settled_at, row.settled_by = how, office.now(), staff.name
    take_back(office, unit, body, row.label)


def take_back(office: Office, unit: Unit, body: AgencyRow, label: str) -> None:
    """What waits to be said of the entry; where its day moved, the next round says it anew."""
    unit.session.flush()
    moments = {moment.name for moment in load_ladder().by_kind["parcel"]}
    said = TakingBack(office, unit, "来件已经登记、说明或者更正，不再提醒")
    for message in message_queries.waiting_about_bodies(unit, [body.id]):
        if message.moment in moments and message.about == label:
            said.withdraw(message)
    said.finish()


def _write(office: Office, row: ParcelRow, form: ParcelForm, private: Mapping[str, Any]) -> None:
    row.way, row.tracking = form.way, form.tracking or None
    row.arrived_on, row.handed_on = form.arrived_on, form.handed_on
    said = form.model_dump(mode="json", include=set(SEALED))
    row.sealed = office.keys.seal(
        {**private, **{name: value or "" for name, value in said.items()}}, f"parcel {row.id}"
    )


def _ask_tracking(unit: Unit, body: AgencyRow, form: ParcelForm, row: ParcelRow | None) -> None:
    known = queries.with_tracking(unit, body.id, form.tracking) if form.tracking else None
    if known is not None and known is not row:
        raise BadInput([FieldError("tracking", f"这个邮件号已经登记为 {known.label}，不用再登记")])
