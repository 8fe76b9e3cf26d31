"""What lies in the file of a reply that is to be signed or served: the letter with its open places, the proofs,
how the applicant can be reached (decision 25). What follows from it is pure: workflow/case/checklist.py,
serving.py."""

from collections.abc import Sequence
from datetime import date, datetime

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.checklist import Held, Paper, checklist, stopped
from workflow.case.facts import Actor, Logged
from workflow.case.returned import still_standing
from workflow.case.serving import Sent, unserved
from workflow.dates import month_day
from workflow.refusal import Refused
from workflow.service.cases.views import Attached
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.numbers import filled_by
from workflow.service.letters.views import DRAFTED, SCAN, SOURCES, Current
from workflow.service.office import Office, Stale
from workflow.store import files
from workflow.store.letters import versions_of
from workflow.store.models import CaseRow
from workflow.store.restored import first_private
from workflow.store.unit import Unit

REACHED_BY = ("address", "email", "phone")
PROOF, RECORD, ANNEX = "proof_of_service", "service_record", "reply"
"""The file that proves a service, the letter whose signed scan does, and what goes out with a reply."""


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


def held(
    keeping: Keeping, unit: Unit, row: CaseRow, reply: Current | None, on: date,
    attached: Sequence[Attached] = (),
) -> Held:  # fmt: skip
    """What the reply that would be signed on the day rests on besides the log. attached: what comes with the
    signature."""
    reach = reached_by(keeping.office, row)
    if reply is None:
        return Held(reach=reach, before_templates=on < keeping.first_reply)
    open_ = {gap.name: gap.label for gap in reply.letter.open}
    rules = keeping.office.rules(unit, row.body, keeping.office.today())
    if "letter_code" in filled_by(rules.settings):
        open_.pop("letter_code", None)  # the number brings it
    annexed = bool(reply.letter.annexes)
    annexes = _annexes(unit, row, attached) if annexed else ()
    return Held(paper_of(reply), open_, reach, annexed=annexed, annexes=annexes)


def _annexes(unit: Unit, row: CaseRow, attached: Sequence[Attached]) -> tuple[Paper, ...]:
    """What lies in the file to go out with the reply."""
    unit.attach()
    there = [
        Paper("file", one.id, f"{month_day(one.uploaded_at.date())}上传的附件")
        for one in files.files_of(unit, row.id)
        if one.kind == ANNEX
    ]
    coming = [Paper("file", 0, "随签发上传的附件") for one in attached if one.kind == ANNEX]
    return (*there, *coming)


def _has_code(keeping: Keeping, unit: Unit, row: CaseRow) -> bool:
    """Whether the next number of the body has no open place."""
    rules = keeping.office.rules(unit, row.body, keeping.office.today())
    return bool(rules["letter_code"]) or "代字" not in str(rules["letter_number"])


def paper_of(reply: Current) -> Paper:
    """The reply as the checklist names it."""
    if reply.kept is None:
        return Paper("letter", 0, f"{reply.letter.label}（{SOURCES[DRAFTED]}）")
    source = SOURCES[reply.kept.source]
    return Paper("letter", reply.kept.version, f"{reply.letter.label}第 {reply.kept.version} 稿（{source}）")  # fmt: skip


def asked_papers(
    keeping: Keeping, unit: Unit, row: CaseRow, case: Case, event: ev.Event, actor: Actor,
    attached: Sequence[Attached] = (),
) -> ev.Event:  # fmt: skip
    """The event with what the file says for it: the proofs of a service.

    Raises Refused, naming what is missing and where it is mended, where the event signs or serves a reply that
    the machine would let pass and the file does not carry; Stale where another paper is signed than was seen.
    """
    if isinstance(event, ev.ProposeOutcome):
        return _comes_again(unit, row, case, event)
    if not isinstance(event, ev.Approve | ev.Serve):
        return event
    if case.machine.refusal(case, event.name, event, actor, keeping.office.today()) is not None:
        return event  # the machine says why, better
    unit.attach()
    if isinstance(event, ev.Serve):
        return _served(keeping, unit, row, case, event, attached)
    reply = reply_in_file(keeping, unit, row, case)
    if event.paper is not None and (reply is None or event.paper != reply.hash):
        raise Stale("文书在您查看之后已经改变，没有签发。请看过现在的文书再签发", "paper")
    lines = checklist(case, event.on, held(keeping, unit, row, reply, event.on, attached))
    refusal = stopped(case, lines)
    if refusal is not None:
        raise Refused(refusal)
    return event


def keep_attached(office: Office, unit: Unit, row: CaseRow, done: Logged, attached: Sequence[Attached]) -> None:  # fmt: skip
    """The files that came with an event, in its transaction; a file that is there already is kept once."""
    for one in attached:
        if files.same_file(unit, row.id, one.kind, one.checked.sha256, done.role) is None:
            files.add_file(
                unit, office.keys, case=row, kind=one.kind, checked=one.checked, content=one.content,
                warnings=(), actor=done.actor, role=done.role, uploaded_at=done.recorded_at,
            )  # fmt: skip


def _comes_again(unit: Unit, row: CaseRow, case: Case, event: ev.ProposeOutcome) -> ev.Event:
    """A proposal with the passes that still stand, where the draft was returned."""
    if not isinstance(case.facts.returned, ev.ReturnDraft):
        return event.model_copy(update={"stands": None}) if event.stands else event
    unit.attach()
    annexed = [one.uploaded_at for one in files.files_of(unit, row.id) if one.kind == "reply"]
    brought = [one.made_at for one in versions_of(unit, row.id) if one.source != DRAFTED]
    stands = still_standing(case, event, max(annexed, default=None), max(brought, default=None))
    return event.model_copy(update={"stands": stands or None})


# -- service ------------------------------------------------------------------------------------------


def _served(
    keeping: Keeping, unit: Unit, row: CaseRow, case: Case, event: ev.Serve, attached: Sequence[Attached]
) -> ev.Serve:  # fmt: skip
    reply = reply_in_file(keeping, unit, row, case)
    if reply is not None and not reply.signed:
        # Signed before letters were kept: it is kept now as it stood when it was signed. While no number without
        # an open place can be given, it keeps the one that it bears on paper.
        signature, numbered = _last(case, ev.Approve), _has_code(keeping, unit, row)
        reply = keeping.sign(unit, row, case, signature, numbered=numbered) if signature else None
    mine = files.files_of(unit, row.id)
    since = max((line.recorded_at for line in case.log if _begins(case, line)), default=None)
    proofs = [one.checked.sha256 for one in attached if one.kind == PROOF]
    proofs += [one.sha256 for one in mine if one.kind == PROOF and _since(one.uploaded_at, since)]
    proofs += [
        one.hash for one in versions_of(unit, row.id)
        if one.kind == RECORD and one.source == SCAN and _since(one.made_at, since)
    ]  # fmt: skip
    sent = Sent(
        signed=reply is not None and reply.signed,
        letter=reply is not None or event.on >= keeping.first_reply,
        proofs=len(proofs),
        agent=_has_agent(keeping.office, row, event.on),
        power=any(one.kind == "power_of_attorney" for one in mine),
        address="address" in reached_by(keeping.office, row) or not row.applicants,
    )
    refusal = unserved(case, event, sent)
    if refusal is not None:
        raise Refused(refusal)
    return event.model_copy(update={"proofs": tuple(dict.fromkeys(proofs)) or None})


def _last(case: Case, kind: type[ev.Event]) -> Logged | None:
    return next((line for line in reversed(case.log) if isinstance(line.event, kind)), None)


def _begins(case: Case, line: Logged) -> bool:
    """After it a service can be proved: the signature, or what made the last service fail."""
    return isinstance(line.event, ev.Approve | ev.ServiceFailed) or line.event is case.facts.failed


def _since(moment: datetime, since: datetime | None) -> bool:
    return since is None or moment >= since


def _has_agent(office: Office, row: CaseRow, on: date) -> bool:
    """Somebody acts by a power of attorney that has not ended; a guardian needs none."""
    agent = first_private(office.keys, row).get("agent") or {}
    if not agent or agent.get("relation") == "guardian":
        return False
    until = agent.get("until")
    return not until or str(until) >= on.isoformat()
