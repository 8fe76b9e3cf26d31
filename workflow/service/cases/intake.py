"""Applications that come in: filed on the net, or on paper and typed in by staff."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from workflow import events as ev
from workflow.case.application import ApplicationForm, OfflineForm, papers_wanted
from workflow.case.gaps import gaps_of
from workflow.people import APPLICANT, SYSTEM, Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.service.applicants.requests import link_case
from workflow.service.begun import Opened, Paper, put_in, take_begun
from workflow.service.cases.moving import move
from workflow.service.cases.new_case import open_case, taken
from workflow.service.cases.signing import keep_attached
from workflow.service.cases.views import Attached, Filed
from workflow.service.drafts import take_draft
from workflow.service.files import MEGABYTE
from workflow.service.office import Office
from workflow.service.parcels import arrived
from workflow.store.folds import Fold
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

NOT_TAKING = "这个机关现在不在这里受理申请，请去掉或者换一个。所有机关的申请都还没有提交"
PAPERS_LOST = (
    "刚才选的文件没有保留下来（停留太久，或者浏览器清除了记录），还没有提交。"
    "请重新选择；也可以先提交，之后在“查询进度”里上传"
)
COPIES_MOST = 64 * MEGABYTE
"""Of the files of one form in all the cases that it becomes."""
CONFIRMED_CHANNELS = ("portal", "email", "fax", "ordinary_mail")


class Intake:
    """Taking applications."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def file(
        self, form: ApplicationForm, submit_key: str | None = None, *, account: int | None = None
    ) -> Filed:
        """An applicant's own application on the net. The same submit_key files it once. account: of whoever has signed
        in, which sees it from then on.

        Raises BadInput when the body takes no requests.
        """
        return self.file_with_several(form, [(form.agency, submit_key)], account=account)[0]

    @retried
    def file_with_several(
        self,
        form: ApplicationForm,
        bodies: Sequence[tuple[str, str | None]],
        *,
        begun: str | None = None,
        opened: Opened | None = None,
        papers: int = 0,
        account: int | None = None,
    ) -> list[Filed]:
        """The same application with each of these bodies, in one transaction: all of them or none. Each has a number and
        a code of its own.

        bodies: the code of each and the key under which it is filed there once. begun: the form between its pages, whose
        files go into every case; opened: the draft from which it came. papers: so many files the applicant believes to
        be in it. account: of whoever has signed in, which sees them from then on.
        Raises BadInput: at the body (`agency.…`, of one alone `agency`) that takes no requests; at the files where they
        are lost or too much for so many bodies.
        """
        today, now = self.office.today(), self.office.now()
        taken_down = [taken(self.office.keys, form, today) for _ in bodies]
        folds: list[tuple[CaseRow, Fold]] = []
        found: list[Filed] = []
        with self.office.store.write_cases() as unit:
            known = [unit.by_submit_key(key) if key else None for _, key in bodies]
            new = [code for (code, _), row in zip(bodies, known, strict=True) if row is None]
            asked = _all_taking(unit, new, today, alone=len(bodies) == 1)
            sent = take_begun(self.office, unit, begun, opened)
            if new and not any(known):
                _ask_for_papers(sent, papers, len(new))
            there: set[str] = {row.agency.code for row in known if row is not None}
            for (code, key), down, row in zip(bodies, taken_down, known, strict=True):
                if row is not None:
                    again = replace(_filed(self.office, unit, row), repeated=True)
                    found.append(_with_papers(self.office, unit, row, form, sent, again))
                    continue
                agency = asked[code]
                if agency.code in there:
                    continue  # two of them have become one
                there.add(agency.code)
                rules = self.office.rules(unit, agency, today)
                row, case = open_case(self.office, unit, agency, down, rules, today, now, key)
                if account is not None:
                    link_case(
                        self.office, unit, account, row, self.office.keys.query_code(row.code_salt)
                    )
                fold = Fold(case)
                move(self.office, unit, row, fold, ev.Submit(on=today, channel="portal"), APPLICANT)
                _confirm_if_automatic(self.office, unit, row, fold)
                filed = _filed(self.office, unit, row)
                found.append(_with_papers(self.office, unit, row, form, sent, filed))
                folds.append((row, fold))
        for row, fold in folds:
            self.office.folds.keep(unit, row, fold)
        return found

    @retried
    def register(
        self,
        form: OfflineForm,
        staff: Staff,
        submit_key: str | None = None,
        *,
        attached: Sequence[Attached] = (),
        draft: int | None = None,
        to_register: bool = False,
    ) -> Filed:
        """An application on paper, by mail, fax or e-mail, typed in by staff (条例29, 31).

        Handed in or signed for: received at once. Otherwise received on the day of confirmation, or
        waiting for it (`submitted`) while that day is not given.

        attached: scans, kept in the same transaction; draft: the registration that was begun, whose files go into the
        case. to_register: what came by post stands in the register of parcels from then on.
        Raises BadInput, also where the register of parcels says another day than the form (`on`).
        """
        now = self.office.now()
        taken_down = taken(self.office.keys, form, self.office.today())
        with self.office.store.write_cases([one.content for one in attached]) as unit:
            known = unit.by_submit_key(submit_key) if submit_key else None
            if known is not None:
                return replace(_filed(self.office, unit, known), repeated=True)
            agency = _taking(unit, form.agency, form.on)
            actor = staff.actor(agency.code)
            permissions.ask(self.office.law, "register_case", actor.roles)
            if form.on > self.office.today():
                raise BadInput([FieldError("on", "这一天还没有到")])
            rules = self.office.rules(unit, agency, form.on)
            row, case = open_case(
                self.office, unit, agency, taken_down, rules, form.on, now, submit_key
            )
            fold = Fold(case)
            waits = form.channel in CONFIRMED_CHANNELS and form.confirmed_on is None
            automatic = (
                form.channel != "ordinary_mail" and rules["online_confirmation"] == "submission"
            )
            if waits and not automatic:
                move(
                    self.office, unit, row, fold, ev.Submit(on=form.on, channel=form.channel), actor
                )
            else:
                event = ev.Receive(on=form.on, channel=form.channel, confirmed_on=form.confirmed_on)
                move(self.office, unit, row, fold, event, actor)
            filed = _filed(self.office, unit, row)
            arrived(self.office, unit, row, form, staff, to_register=to_register)
            files = (*attached, *take_draft(self.office, unit, staff, draft))
            keep_attached(self.office, unit, row, fold.case.log[-1], files)
        self.office.folds.keep(unit, row, fold)
        return replace(filed, gaps=gaps_of(form, self.office.today()))


def _confirm_if_automatic(office: Office, unit: Unit, row: CaseRow, fold: Fold) -> None:
    """Where a submission on the net counts as received, the system registers it at once."""
    case = fold.case
    if case.state == "submitted" and case.received_on is not None:
        channel = case.facts.channel
        assert channel is not None
        event = ev.Receive.model_validate({"on": case.received_on, "channel": channel})
        move(office, unit, row, fold, event, SYSTEM)


def _taking(unit: Unit, code: str, on: date) -> AgencyRow:
    agency = unit.agency_at_hand(code)
    if agency is not None and agency.ended_by(on):
        # New requests for a body that ended go to whoever goes on with its duties (law.md §7A).
        agency = next((one for one in unit.successors_of(agency) if not one.ended_by(on)), None)
    if agency is None or not agency.takes_requests:
        raise BadInput([FieldError("agency", "没有这个受理机关，请重新选择")])
    return agency


def _all_taking(unit: Unit, codes: Sequence[str], on: date, *, alone: bool) -> dict[str, AgencyRow]:
    """The bodies to which requests for these go. Raises BadInput at every one that takes none."""
    found, errors = {}, []
    for code in codes:
        try:
            found[code] = _taking(unit, code, on)
        except BadInput as error:
            if alone:
                raise
            errors += [FieldError(f"agency.{code}", NOT_TAKING) for _ in error.errors]
    if errors:
        raise BadInput(errors)
    return found


def _ask_for_papers(sent: Sequence[Paper], expected: int, bodies: int) -> None:
    if len(sent) < expected:
        raise BadInput([FieldError("file_id_proof", PAPERS_LOST)])
    size = sum(one.checked.size for one in sent)
    if bodies > 1 and size * bodies > COPIES_MOST:
        most = COPIES_MOST // bodies // MEGABYTE
        said = f"一次向 {bodies} 个机关申请的，随申请提交的文件合计不超过 {most} MB。请去掉几个文件，提交之后再逐件上传"
        raise BadInput([FieldError("file_id_proof", said)])


def _with_papers(
    office: Office, unit: Unit, row: CaseRow, form: ApplicationForm, sent: Sequence[Paper], filed: Filed
) -> Filed:  # fmt: skip
    """Put the papers into the case; what is still to be sent after that."""
    there = put_in(office, unit, row, sent) if sent or filed.repeated else set[str]()
    wanted = papers_wanted(form)
    return replace(filed, missing=tuple(wanted[kind] for kind in wanted if kind not in there))


def _filed(office: Office, unit: Unit, row: CaseRow) -> Filed:
    due, calendar = row.reply_due, office.rules(unit, row.agency, row.opened_on).calendar
    return Filed(
        number=row.number,
        agency=row.agency.code,
        query_code=office.keys.query_code(row.code_salt, row.code_turn),
        state=row.state,
        submitted_at=row.submitted_at,
        receipt_date=row.received_on,
        reply_due=due,
        provisional=bool(due and calendar.is_provisional(due)),
    )
