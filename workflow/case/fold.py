"""What each event adds to the facts of a case. The clock has its own rows (workflow/clock/).

An effect sees the case as it stands after the clock has taken the event in; guards have asked already.
"""

from dataclasses import replace
from datetime import date, timedelta

from workflow import clock
from workflow import events as ev
from workflow.case.facts import CaseView, Consultation, Proceeding
from workflow.effects import Effects
from workflow.rules import outcomes, proceedings

_FACTS: Effects[CaseView] = Effects("the facts of a case")
_FACTS.nothing(
    ev.Reroute,
    ev.Correct,
    ev.DelayReply,
    ev.TakeBackDraft,
    ev.ServiceFailed,
    ev.Archive,
    ev.Void,
    ev.CorrectEntry,
)


# -- from submission to assignment -----------------------------------------------------------------


@_FACTS.on(ev.Submit)
def submit(case: CaseView, event: ev.Submit) -> None:
    case.facts.channel = event.channel


@_FACTS.on(ev.Receive)
def receive(case: CaseView, event: ev.Receive) -> None:
    case.facts.channel = case.facts.channel or event.channel


@_FACTS.on(ev.RequireCorrection)
def require_correction(case: CaseView, event: ev.RequireCorrection) -> None:
    case.facts.corrections += 1


@_FACTS.on(ev.LapseCorrection)
def lapse_correction(case: CaseView, event: ev.LapseCorrection) -> None:
    assert case.deadlines.correction_due is not None
    case.facts.outcome = "correction_lapsed"
    case.facts.closed_on = case.deadlines.correction_due + timedelta(1)


@_FACTS.on(ev.Assign)
def assign(case: CaseView, event: ev.Assign) -> None:
    case.facts.assigned_to = event.to or case.facts.assigned_to
    if event.unclear_items is not None:
        case.facts.unclear_items = event.unclear_items


@_FACTS.on(ev.MergeDuplicate)
def merge_duplicate(case: CaseView, event: ev.MergeDuplicate) -> None:
    case.facts.merged_into = event.into


# -- while it is worked on -------------------------------------------------------------------------


@_FACTS.on(ev.Extend)
def extend(case: CaseView, event: ev.Extend) -> None:
    case.facts.extensions += 1


@_FACTS.on(ev.AskReasons)
def ask_reasons(case: CaseView, event: ev.AskReasons) -> None:
    case.facts.reasons_asked = True
    case.facts.reasons_deadline = case.deadlines.reasons_due


@_FACTS.on(ev.GiveReasons)
def give_reasons(case: CaseView, event: ev.GiveReasons) -> None:
    case.facts.reasons_given, case.facts.reasons_accepted = True, event.accepted


@_FACTS.on(ev.ConsultThirdParty, ev.ConsultJointAgency, ev.ConsultOtherAgency)
def consult(case: CaseView, event: ev.Consultation) -> None:
    assert event.consultation is not None
    case.facts.consultations[event.consultation] = Consultation(
        event.consultation,
        event.name,
        event.sent_on or event.on,
        clock.party_deadline(event.name, event.reached_on or event.sent_on or event.on, case.rules),
        reached_on=event.reached_on,
    )


@_FACTS.on(ev.RecordOpinion)
def record_opinion(case: CaseView, event: ev.RecordOpinion) -> None:
    consultation = case.facts.consultations[event.consultation]
    consultation.answered_on = event.on
    consultation.opinion = event.opinion


@_FACTS.on(ev.OverrideThirdParty)
def override_third_party(case: CaseView, event: ev.OverrideThirdParty) -> None:
    consultation = case.facts.consultations[event.consultation]
    consultation.overridden_on, consultation.notice_reached_on = event.on, event.reached_on


@_FACTS.on(ev.RecordDelivery)
def record_delivery(case: CaseView, event: ev.RecordDelivery) -> None:
    """What became of the letter of a consultation, or of the notice to the third party; what follows for
    other papers the clock says."""
    consultation = case.facts.consultations.get(event.consultation or 0)
    if consultation is None:
        return
    if event.of == ev.OverrideThirdParty.name:
        consultation.notice_reached_on = event.reached_on
    elif event.of == consultation.kind:
        consultation.reached_on, consultation.returned_on = event.reached_on, event.returned_on
        reached = event.reached_on or consultation.sent_on
        consultation.deadline = (
            None
            if event.returned_on
            else clock.party_deadline(consultation.kind, reached, case.rules)
        )


@_FACTS.on(ev.AskRuling)
def ask_ruling(case: CaseView, event: ev.AskRuling) -> None:
    case.facts.ruling_open = True


@_FACTS.on(ev.RecordRuling)
def record_ruling(case: CaseView, event: ev.RecordRuling) -> None:
    case.facts.ruling_open = False


@_FACTS.on(ev.ChargeFee)
def charge_fee(case: CaseView, event: ev.ChargeFee) -> None:
    case.facts.charged = True
    case.facts.fee_yuan = event.amount
    case.facts.fee_by_page = "by_page" in (
        event.mode,
        None if event.mode else case.rules["fee_policy"],
    )


@_FACTS.on(ev.PayFee)
def pay_fee(case: CaseView, event: ev.PayFee) -> None:
    case.facts.fee_paid = True


@_FACTS.on(ev.LapseFee)
def lapse_fee(case: CaseView, event: ev.LapseFee) -> None:
    assert case.deadlines.fee_due is not None
    case.facts.outcome = "fee_unpaid"
    case.facts.closed_on = case.deadlines.fee_due + timedelta(1)


@_FACTS.on(ev.RecordSearch)
def record_search(case: CaseView, event: ev.RecordSearch) -> None:
    case.facts.searches.append(event)


@_FACTS.on(ev.Withdraw)
def withdraw(case: CaseView, event: ev.Withdraw) -> None:
    case.facts.outcome = "withdrawn"
    case.facts.closed_on = event.on


# -- the answer ------------------------------------------------------------------------------------


@_FACTS.on(ev.ProposeOutcome)
def propose_outcome(case: CaseView, event: ev.ProposeOutcome) -> None:
    facts = case.facts
    facts.answer, facts.outcome = None, None
    facts.result = event.result
    if event.outcome or event.items:
        facts.answer = outcomes.answer_of(event, case.rules.law, case.rules.settings)
        facts.outcome = facts.answer.outcome
    facts.drafter = case.log[-1].actor
    facts.secrecy_passed, facts.returned = "secrecy" in (event.stands or ()), None


@_FACTS.on(ev.SendToSecrecyReview, ev.PassLegalCheck)
def go_round(case: CaseView, event: ev.Event) -> None:
    case.facts.returned = None


@_FACTS.on(ev.PassSecrecyReview)
def pass_secrecy_review(case: CaseView, event: ev.PassSecrecyReview) -> None:
    case.facts.secrecy_passed = True


@_FACTS.on(ev.ReturnFromSecrecyReview, ev.ReturnDraft)
def send_back(case: CaseView, event: ev.Event) -> None:
    case.facts.secrecy_passed = False
    case.facts.approved_on = None
    case.facts.returned = event


@_FACTS.on(ev.Approve)
def approve(case: CaseView, event: ev.Approve) -> None:
    case.facts.approved_on = event.on


@_FACTS.on(ev.Serve)
def serve(case: CaseView, event: ev.Serve) -> None:
    case.facts.served, case.facts.failed = event, None
    basis = str(case.rules["closing_date_basis"])
    case.facts.closed_on = closing_day(event, basis, case.facts.approved_on)


def closing_day(event: ev.Serve, basis: str, signed_on: date | None) -> date:
    """The day whose year the result counts in: service (default), dispatch or document date. signed_on: the
    day of the signature, which the letter bears unless another one is told."""
    if basis == "document_date":
        return event.document_date or signed_on or event.on
    if basis == "dispatch":
        return event.posted_on or event.sent_on or event.on
    return clock.effective_service(event)


# -- review and suit -------------------------------------------------------------------------------


@_FACTS.on(ev.FileReview)
def file_review(case: CaseView, event: ev.FileReview) -> None:
    copy_on = event.copy_received_on or event.on
    case.facts.add(
        Proceeding(
            case.facts.proceeding_number("review", event.proceeding),
            "review",
            event.on,
            event.case_number,
            answer_due=proceedings.review_answer_due(copy_on, bool(event.summary), case.rules),
            by=event.by or "applicant",
            copy_received_on=event.copy_received_on,
            summary=bool(event.summary),
        )
    )


@_FACTS.on(ev.FileSuit)
def file_suit(case: CaseView, event: ev.FileSuit) -> None:
    copy_on = event.copy_received_on or event.on
    case.facts.add(
        Proceeding(
            case.facts.proceeding_number("suit", event.proceeding),
            "suit",
            event.on,
            via=event.via,
            instance=event.instance or "first",
            role=event.role or "respondent",
            answer_due=proceedings.suit_answer_due(copy_on, case.rules),
            by=event.by or "applicant",
            copy_received_on=event.copy_received_on,
        )
    )


@_FACTS.on(ev.ConcludeReview)
def conclude_review(case: CaseView, event: ev.ConcludeReview) -> None:
    found = _conclude(case, "review", event)
    found.decided_on = event.reached_on
    if event.opinion_received_on:
        found.report_due = proceedings.opinion_report_due(event.opinion_received_on, case.rules)


@_FACTS.on(ev.ConcludeSuit)
def conclude_suit(case: CaseView, event: ev.ConcludeSuit) -> None:
    found = _conclude(case, "suit", event)
    found.decided_on = event.judgment_received_on
    if found.decided_on and found.instance == "first":
        found.appeal_due = proceedings.appeal_due(event.result, found.decided_on, case.rules)


def _conclude(case: CaseView, kind: str, event: ev.ConcludeReview | ev.ConcludeSuit) -> Proceeding:
    proceeding = case.facts.open_proceeding(kind, event.proceeding)
    assert proceeding is not None
    proceeding.concluded_on, proceeding.result = event.on, event.result
    return proceeding


@_FACTS.on(ev.OrderRedo)
def order_redo(case: CaseView, event: ev.OrderRedo) -> None:
    """Of an answered case a linked one is opened; a case that was never answered is itself answered on the
    ordered day."""
    case.facts.redo_due = redo_day(case, event)
    if not case.ended:
        case.terms = replace(case.terms, redo_inside=True)


def redo_day(case: CaseView, event: ev.OrderRedo) -> date:
    """The last day of a new reply: the one in the paper; without one, `redo_default_days` working days
    after the decision that orders it was received (law.md §1.1)."""
    if event.due:
        return event.due
    came = [
        found.decided_on
        for found in case.facts.proceedings.values()
        if found.decided_on and found.decided_on <= event.on
    ]
    since = max(came, default=event.on)
    return case.rules.calendar.add(since, int(case.rules["redo_default_days"]))


# -- back to the work ------------------------------------------------------------------------------


def draft_falls(case: CaseView) -> None:
    """The draft was taken back, by itself or by a step that needs the work open again: its passes and
    its approval fall; what it said stays in the log."""
    facts = case.facts
    facts.answer, facts.outcome, facts.result = None, None, None
    facts.secrecy_passed, facts.approved_on, facts.returned = False, None, None


@_FACTS.on(ev.ReviseReply)
def revise_reply(case: CaseView, event: ev.ReviseReply) -> None:
    case.facts.revised = event
    case.facts.redo_due = case.rules.calendar.add(event.on, int(case.rules["revise_days"]))


# -- who asks, and who answers ---------------------------------------------------------------------


@_FACTS.on(ev.SubstituteApplicant)
def substitute_applicant(case: CaseView, event: ev.SubstituteApplicant) -> None:
    case.facts.successor = event.successor


@_FACTS.on(ev.Transfer)
def transfer(case: CaseView, event: ev.Transfer) -> None:
    case.facts.moved_to, case.facts.moved_on = event.to, event.on


FACTS_AFTER = _FACTS.complete()
"""The effects by the name of the event; an event that is not here leaves the facts alone."""
