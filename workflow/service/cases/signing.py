"""What lies in the file of a reply that is to be signed: the letter with its open places, and how the
applicant can be reached (decision 25). The checklist itself is pure: workflow/case/checklist.py."""

from datetime import date

from config.letters import load_letters
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.checklist import InFile, Paper, checklist, stopped
from workflow.case.facts import Actor
from workflow.letters import draft
from workflow.letters.possible import standing
from workflow.refusal import Refused
from workflow.service.letters import about_of
from workflow.service.office import Office
from workflow.store.models import CaseRow
from workflow.store.restored import first_private
from workflow.store.unit import Unit

REACHED_BY = ("address", "email", "phone")


def reply_of(case: Case, today: date) -> str | None:
    """The kind of letter with which the case is answered: reply, redo_reply …; None while the case can have
    none."""
    letters = load_letters()
    for kind in letters.templates:
        if "serve" not in letters.latest(kind).head.made_by:
            continue
        if standing(kind, case, today, letters).refusal is None:
            return kind
    return None


def reached_by(office: Office, row: CaseRow) -> frozenset[str]:
    """What is known to reach the applicant by: address, email, phone."""
    return reach_of(first_private(office.keys, row))


def reach_of(contact: dict[str, object]) -> frozenset[str]:
    """The same from what is told of the applicant."""
    return frozenset(name for name in REACHED_BY if contact.get(name))


def in_file(office: Office, unit: Unit, row: CaseRow, case: Case, on: date) -> InFile:
    """What the reply that would be signed on the day rests on besides the log."""
    reach = reached_by(office, row)
    kind = reply_of(case, on)
    if kind is None:
        old = on < min(rows[0].holds_from for rows in load_letters().templates.values())
        return InFile(reach=reach, before_templates=old)
    letter = draft(kind, case, about_of(office, unit, row, case, kind), on)
    paper = Paper("letter", 0, f"{letter.label}（草稿）")
    return InFile(paper, {gap.name: gap.label for gap in letter.open}, reach)


def ask_signature(
    office: Office, unit: Unit, row: CaseRow, case: Case, event: ev.Event, actor: Actor
) -> None:
    """Raises Refused, naming each missing line of the checklist, where the event signs a reply that the
    machine would let be signed and the file does not carry."""
    if not isinstance(event, ev.Approve):
        return
    if case.machine.refusal(case, event.name, event, actor, office.today()) is not None:
        return  # the machine says why, better
    unit.attach()
    lines = checklist(case, event.on, in_file(office, unit, row, case, event.on))
    refusal = stopped(case, lines)
    if refusal is not None:
        raise Refused(refusal)
