"""Hastening (催办): a supervising body asks after cases below it, the body that handles them answers what will be
done by when. Nothing of a case and of its clock changes by either."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.law import load_law
from config.reminders import Moment
from workflow.dates import in_words, parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.reminders.due import Reminder, within_office_hours
from workflow.rules import permissions
from workflow.rules.secrecy import SECRET_TYPED, bears_secret_mark
from workflow.rules.supervision import HASTENED, LATE
from workflow.service.messages.to_staff import enqueue, tell_person
from workflow.service.office import Missing, Office
from workflow.service.rules.calendars import Calendars
from workflow.service.supervision.below import Supervision
from workflow.service.supervision.now import Matter
from workflow.service.supervision.views import Hastened, ToAnswer, Views
from workflow.store import supervision as queries
from workflow.store.models import AgencyRow
from workflow.store.retried import retried
from workflow.store.supervision_models import LONGEST_ANSWER, HasteningRow
from workflow.store.unit import Unit

ACTION = "hasten"
ANSWER = "answer_hastening"
MOST = 100
"""So many cases are hastened at once at most."""
SHOWN = 200
LEVELS = {LATE: "red"}
BASIS = "条例46、47"


@dataclass(frozen=True)
class Done:
    """What came of hastening, by code of the body and number: the cases that were hastened, those that were already
    today, and those that are no longer what they were hastened for."""

    done: tuple[tuple[str, str], ...]
    again: tuple[tuple[str, str], ...]
    over: tuple[tuple[str, str], ...]


class Hastening:
    """The use cases around hastening."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law
        self.below = Supervision(office)

    # -- of the supervising body ---------------------------------------------------------------------

    @retried
    def hasten(self, staff: Staff, agency: str, wanted: Sequence[tuple[str, str]]) -> Done:
        """Hasten these cases, by code of the body of their number and number; each once a day, however
        often it is asked for. Raises Missing, Denied, BadInput (case)."""
        if not wanted:
            raise BadInput([FieldError("case", "请选择要催办的申请")])
        if len(wanted) > MOST:
            raise BadInput([FieldError("case", f"一次最多催办 {MOST} 件")])
        permissions.ask(self.law, ACTION, staff.roles.get(agency, frozenset()))
        with self.office.store.write() as unit:
            head, matters = self.below.matters_of(unit, staff, agency, wanted)
            matters = [one for one in matters if one.standing.matter in HASTENED]
            told = {
                row.case_id
                for row in queries.hastened_on(
                    unit, [one.case_id for one in matters], head.id, self.office.today()
                )
            }
            new = [one for one in matters if one.case_id not in told]
            for one in new:
                self._hasten(unit, staff, head.id, one)
            known = {(one.agency, one.number) for one in matters}
            return Done(
                tuple((one.agency, one.number) for one in new),
                tuple((one.agency, one.number) for one in matters if one.case_id in told),
                tuple(one for one in wanted if one not in known),
            )

    def _hasten(self, unit: Unit, staff: Staff, by: int, one: Matter) -> None:
        body, standing = self.office.found_agency(unit, one.body), one.standing
        unit.session.add(
            HasteningRow(
                case_id=one.case_id, agency_id=body.id, by_id=by, actor=staff.name,
                made_on=self.office.today(), made_at=self.office.now(), matter=standing.matter,
                day=standing.day, days=standing.days,
            )
        )  # fmt: skip
        unit.session.flush()
        enqueue(self.office, unit, [self._said(unit, body, one)], kind="notice")

    def _said(self, unit: Unit, body: AgencyRow, one: Matter) -> Reminder:
        """The message: number and days, nothing else."""
        standing, now = one.standing, self.office.now()
        words = self.law.supervision.hasten
        roles = words.to + (words.late if standing.matter == LATE else ())
        moment = Moment(
            name="hastened", label="主管部门催办", of="reply", to=roles, channels=words.channels,
            level=LEVELS.get(standing.matter, "yellow"), words=words.words[standing.matter],
            basis=BASIS, left=0,
        )  # fmt: skip
        text = moment.words.format(
            number=one.number, due=in_words(standing.day), days=standing.days
        )
        rules = self.office.rules(unit, body, now.date())
        return Reminder(
            one.agency, one.number, moment, now, within_office_hours(now, rules), standing.day,
            standing.days, text,
        )  # fmt: skip

    # -- of the body that was hastened ---------------------------------------------------------------

    def mine(self, staff: Staff) -> list[ToAnswer]:
        """The last hastenings of the person's bodies, what waits for an answer first."""
        with self.office.store.read() as unit:
            codes = permissions.bodies_for(self.law, ANSWER, staff)
            ids = [body.id for body in self.office.tree(unit).of_codes(codes)]
            rows = queries.hastenings_of(unit, ids, SHOWN)
            found = self._to_answer(unit, rows)
            return sorted(found, key=lambda one: not (one.open and not one.hastened.answered))

    def waiting(self, staff: Staff) -> int:
        """How many hastenings wait for an answer of the person's bodies."""
        return sum(one.open and not one.hastened.answered for one in self.mine(staff))

    def of_case(self, staff: Staff, agency: str, number: str) -> list[ToAnswer]:
        """Those of one case of a body in which the person answers, the last one first; mostly none, which costs
        a look."""
        if agency not in permissions.bodies_for(self.law, ANSWER, staff):
            return []
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            rows = queries.hastenings_of_case(unit, body.id, number)
            return self._to_answer(unit, rows) if rows else []

    @retried
    def answer(self, staff: Staff, which: int, text: str, done_by: str) -> ToAnswer:
        """What will be done, by when; may be written anew until the case is done. Who hastened is told.
        Raises Missing, Denied, BadInput (answer, done_by)."""
        text = text.strip()
        errors, day = [], None
        if not text:
            errors.append(FieldError("answer", "请写明怎样办"))
        elif len(text) > LONGEST_ANSWER:
            errors.append(FieldError("answer", f"最多 {LONGEST_ANSWER} 个字"))
        elif bears_secret_mark(text):
            errors.append(FieldError("answer", SECRET_TYPED))
        try:
            day = parse_day(done_by) if done_by.strip() else None
            if day is None:
                errors.append(FieldError("done_by", "请填写哪天办好"))
            elif day < self.office.today():
                errors.append(FieldError("done_by", "不能早于今天"))
        except ValueError as error:
            errors.append(FieldError("done_by", str(error)))
        with self.office.store.write() as unit:
            row = unit.session.get(HasteningRow, which)
            code = row.agency.code if row is not None else ""
            if row is None or code not in staff.roles:
                raise Missing("没有这一次催办，或者不是您的机关")
            permissions.ask(self.law, ANSWER, staff.roles[code])
            if errors:
                raise BadInput(errors)
            now = self.office.now()
            same = row.answer == text and row.done_by == day
            if not same:
                row.answer, row.done_by = text, day
                row.answered_at, row.answered_by = now, staff.name
                unit.session.flush()
                self._tell(unit, row)
            return self._to_answer(unit, [row])[0]

    def _tell(self, unit: Unit, row: HasteningRow) -> None:
        """Tell who hastened that an answer is there; what it says stands in the system."""
        user = unit.user(row.actor)
        if user is None or not user.active:
            return
        tell_person(
            self.office, unit, user.id, row.by_id, moment="hastening_answered",
            text=f"{row.agency.name}已答复申请 {row.case.number} 的催办，请到“下级机关”页面查看",
            why="您催办过这件申请", what=f"answered {row.id} {self.office.now().isoformat()}",
            at=self.office.now(), level="info", about=row.case.number,
        )  # fmt: skip

    def _to_answer(self, unit: Unit, rows: Iterable[HasteningRow]) -> list[ToAnswer]:
        rows = list(rows)
        calendars = Calendars(self.office, unit, {row.agency_id for row in rows})
        views = Views(self.office, unit, calendars)
        codes = self.office.tree(unit).by_id
        return [
            ToAnswer(
                views.view(row), codes[row.case.agency_id].code, row.case.number, row.by.name,
                self.law.stage(row.case.state) not in ("done", "void"),
            )
            for row in rows
        ]  # fmt: skip


def words_of(matter: Hastened) -> str:
    """What a body was hastened for, in words: 逾期 6 个工作日."""
    told = {"late": f"逾期 {matter.days} 个工作日", "due": f"还有 {matter.days} 个工作日"}
    return told.get(matter.matter, f"退回 {matter.days} 个工作日")


def answer_workdays() -> int:
    """Working days within which an answer should come."""
    return load_law().supervision.answer_workdays
