"""Who is told when the log of a case is put right: those who typed and who work on it, in the system."""

from collections.abc import Iterable

from workflow import events as ev
from workflow.case.case import Case
from workflow.service.messages.to_staff import tell_person
from workflow.service.office import Office
from workflow.store.models import CaseRow
from workflow.store.unit import Unit


def tell_concerned(
    office: Office, unit: Unit, row: CaseRow, case: Case, event: ev.CorrectEntry, actor: str
) -> None:
    """Tell who typed the wrong entry, who confirmed its correction, and who drafts or handles the case."""
    unit.attach()
    line = next(one for one in case.written if one.seq == event.seq)
    label = office.law.transitions[line.event.name].label
    concerned = {line.actor, event.second_person, case.facts.drafter, case.facts.assigned_to}
    found = len(case.findings())
    more = f"；有 {found} 条记录按更正后的内容原本不能办理，请核对" if found else ""
    _tell(
        office, unit, row, concerned - {actor},
        f"申请 {row.number} 的登记有更正：第 {line.seq} 条“{label}”{more}。",
        f"case {row.id}/{row.length}/correct_entry",
    )  # fmt: skip


def _tell(
    office: Office, unit: Unit, row: CaseRow, names: Iterable[str | None], text: str, what: str
) -> None:
    for name in sorted(name for name in names if name):
        user = unit.user(name)
        if user is not None and user.active:
            tell_person(
                office, unit, user.id, row.agency_id, moment="entry_corrected", text=text,
                why="更正登记（条例45）", what=what, at=office.now(), about=row.number,
                case_id=row.id,
            )  # fmt: skip
