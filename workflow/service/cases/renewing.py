"""A query code that was lost is renewed: at the counter by staff, or on the net by who proves to be the applicant. The one
before opens nothing any more; who renewed it, when and why stands in the audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from workflow.case.identity import proofs_of
from workflow.case.number import number_given
from workflow.case.unnamed import without_numbers
from workflow.people import APPLICANT, Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.service.cases.finding import actor_of, for_staff
from workflow.service.cases.whole_applicant import LONGEST, OTHER
from workflow.service.messages.to_applicant import IN_MESSAGE, not_at_night, open_to_applicant
from workflow.service.office import Office
from workflow.store import messages as message_queries
from workflow.store.audit import audited, lines_about
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.records import kept_sealed
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION = "renew_code"
RENEWED = "code_renewed"
MOMENT = "told_new_code"
"""What the applicant is told of it; the code itself is put in when the message goes (`with_code`)."""
AGAIN_AFTER = timedelta(hours=1)
"""On the net a code is renewed once in so long, so that nobody who knows another's numbers keeps them out."""
TEXT = "您向{agency}提出的申请 {number} 换了查询码。新的查询码：{code}。原来的已经失效；不是您本人要求的，请与该机关联系。"


@dataclass(frozen=True, slots=True)
class Renewed:
    """A code that was just made, for the slip."""

    agency: str
    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """That a code was renewed: by whom (in full), when, and why in words."""

    who: str
    at: datetime
    why: str


class QueryCodes:
    """The use cases around a new query code."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def renewals(self, staff: Staff, number: str) -> list[Renewal]:
        """When the code of a case was renewed, latest first. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            permissions.ask(self.office.law, ACTION, actor_of(staff, row).roles)
            lines = lines_about(unit, row.agency_id, row.number, RENEWED)
            names = unit.display_names({one.actor for one in lines})
        words = self.office.law.words
        names[APPLICANT.name] = words.roles[APPLICANT.name]
        return [
            Renewal(
                names.get(one.actor, one.actor),
                one.recorded_at,
                "：".join(
                    part
                    for part in (
                        words.code_reasons.get(one.details.get("reason", ""), "本人在网上更换"),
                        one.details.get("words", ""),
                    )
                    if part
                ),
            )
            for one in lines
        ]

    @retried
    def renew(self, staff: Staff, number: str, reason: str, words: str, *, proved: bool) -> Renewed:
        """Renew the code at the counter. reason: a word of `code_reasons`; words: what else there is to say, demanded of
        `other`; proved: the clerk has looked at the proof of identity.

        Raises Missing, Denied, BadInput (reason, words, proved).
        """
        words = without_numbers(" ".join(words.split()))
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number, lock=True)
            permissions.ask(self.office.law, ACTION, actor_of(staff, row).roles)
            wrong = []
            if reason not in self.office.law.words.code_reasons:
                wrong.append(FieldError("reason", "请选择为什么要更换"))
            if reason == OTHER and not words:
                wrong.append(FieldError("words", "选了“其他”的，请写明为什么要更换"))
            if len(words) > LONGEST:
                wrong.append(FieldError("words", f"最多 {LONGEST} 个字"))
            if not proved:
                wrong.append(FieldError("proved", "请先核对身份证明，再勾选"))
            if wrong:
                raise BadInput(wrong)
            said = {"reason": reason, **({"words": words} if words else {})}
            return self._renew(unit, row, staff.name, said)

    @retried
    def ask(self, number: str, name: str, identity: str) -> None:
        """On the net: where number, name and number of identity are those of a case, its code is renewed and told
        through every channel for which the applicant gave an address, and nowhere else; of each body where several
        have that number. Whether it was, nobody is told; without such a channel it stays as it is."""
        with self.office.store.write() as unit:
            for row in self._proved(unit, number, name, identity):
                self._renew_and_tell(unit, row)

    def _renew_and_tell(self, unit: Unit, row: CaseRow) -> None:
        now, channels = self.office.now(), open_to_applicant(self.office, row)
        lines = lines_about(unit, row.agency_id, row.number, RENEWED)
        if not channels or (lines and lines[0].recorded_at > now - AGAIN_AFTER):
            return
        self._renew(unit, row, APPLICANT.name, {})
        text = TEXT.format(agency=row.body.name, number=row.number, code=IN_MESSAGE)
        for kind in channels:
            what = f"code {row.id}/{row.code_turn}"
            message_queries.add_message(
                unit,
                key=message_queries.key_of(what, "applicant", kind.name, now.date()),
                kind="applicant", channel=kind.name, agency_id=row.agency_id, case_id=row.id,
                about=row.number, moment=MOMENT, text=text, why="更换查询码",
                day=now.date(), due=None, created_at=now,
                not_before=not_at_night(now) if kind.follows == "sms" else now,
            )  # fmt: skip

    def _renew(self, unit: Unit, row: CaseRow, who: str, said: dict[str, str]) -> Renewed:
        keys = self.office.keys
        with kept_sealed(unit, keys, [row]):
            row.code_turn += 1
            code = keys.query_code(row.code_salt, row.code_turn)
            row.query_hash = keys.query_hash(row.number, code)
        audited(unit, self.office.now(), who, row.agency_id, RENEWED, row.number, **said)
        return Renewed(row.agency.code, row.number, code)

    def _proved(self, unit: Unit, number: str, name: str, identity: str) -> list[CaseRow]:
        """The cases of the number one of whose applicants has this name and this number of identity, whatever the paper
        is called; found by the keyed hash of the latter."""
        keys = self.office.keys
        proofs = proofs_of(identity, self.office.law.words.id_types)
        query = (
            select(CaseRow)
            .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
            .where(
                ApplicantRow.identity.in_(
                    [hashed for one in sorted(proofs) for hashed in keys.identities(one)]
                ),
                ApplicantRow.name_hash.in_(keys.name_hashes(" ".join(name.split()))),
                CaseRow.number == number_given(number),
            )
            .order_by(CaseRow.id)
            .with_for_update(of=CaseRow)
        )
        return list(unit.session.scalars(query).unique())
