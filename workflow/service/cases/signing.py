"""What lies in the file of a reply that is to be signed: the letter with its open places, and how the
applicant can be reached (decision 25). The checklist itself is pure: workflow/case/checklist.py."""

from datetime import date

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.checklist import Held, Paper, checklist, stopped
from workflow.case.facts import Actor
from workflow.refusal import Refused
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.views import DRAFTED, SOURCES, Current
from workflow.service.office import Office
from workflow.store.models import CaseRow
from workflow.store.restored import first_private
from workflow.store.unit import Unit

REACHED_BY = ("address", "email", "phone")


def reached_by(office: Office, row: CaseRow) -> frozenset[str]:
    """What is known to reach the applicant by: address, email, phone."""
    return reach_of(first_private(office.keys, row))


def reach_of(contact: dict[str, object]) -> frozenset[str]:
    """The same from what is told of the applicant."""
    return frozenset(name for name in REACHED_BY if contact.get(name))


def reply_in_file(keeping: Keeping, unit: Unit, row: CaseRow, case: Case) -> Current | None:
    """The reply that would be signed now; None where the case can have none."""
    kind = keeping.reply_of(case)
    return keeping.current(unit, row, case, kind) if kind else None


def held(keeping: Keeping, unit: Unit, row: CaseRow, reply: Current | None, on: date) -> Held:
    """What the reply that would be signed on the day rests on besides the log."""
    reach = reached_by(keeping.office, row)
    if reply is None:
        first = min(rows[0].holds_from for rows in keeping.letters.templates.values())
        return Held(reach=reach, before_templates=on < first)
    open_ = {gap.name: gap.label for gap in reply.letter.open}
    rules = keeping.office.rules(unit, row.body, keeping.office.today())
    if rules["letter_code"] or "代字" not in str(rules["letter_number"]):
        open_.pop("letter_code", None)  # the number brings it
    return Held(paper_of(reply), open_, reach)


def paper_of(reply: Current) -> Paper:
    """The reply as the checklist names it."""
    if reply.kept is None:
        return Paper("letter", 0, f"{reply.letter.label}（{SOURCES[DRAFTED]}）")
    source = SOURCES[reply.kept.source]
    return Paper("letter", reply.kept.version, f"{reply.letter.label}第 {reply.kept.version} 稿（{source}）")  # fmt: skip


def ask_signature(
    keeping: Keeping, unit: Unit, row: CaseRow, case: Case, event: ev.Event, actor: Actor
) -> None:
    """Raises Refused, naming each missing line of the checklist, where the event signs a reply that the
    machine would let be signed and the file does not carry."""
    if not isinstance(event, ev.Approve):
        return
    if case.machine.refusal(case, event.name, event, actor, keeping.office.today()) is not None:
        return  # the machine says why, better
    unit.attach()
    reply = reply_in_file(keeping, unit, row, case)
    lines = checklist(case, event.on, held(keeping, unit, row, reply, event.on))
    refusal = stopped(case, lines)
    if refusal is not None:
        raise Refused(refusal)
