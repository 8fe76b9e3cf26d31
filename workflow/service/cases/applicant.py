"""What an applicant sees of a case with number and query code."""

from config.law import Law
from workflow import events as ev
from workflow.case.case import Case
from workflow.dates import in_words
from workflow.people import APPLICANT
from workflow.service.cases.finding import by_code, folded
from workflow.service.cases.views import ApplicantView
from workflow.service.office import Office
from workflow.service.rules.due_changes import changes_of, with_changes

_PUBLIC = {
    "submit": "提交申请",
    "receive": "收到申请",
    "reroute": "转由其他机关受理",
    "correct": "收到补正",
    "lapse_correction": "逾期未补正，不再处理",
    "assign": "开始办理",
    "ask_reasons": "请说明理由",
    "give_reasons": "收到说明的理由",
    "consult_third_party": "征求第三方意见，等待的时间不计入期限",
    "consult_joint_agency": "征求其他机关意见，等待的时间不计入期限",
    "consult_other_agency": "征求其他机关意见，等待的时间不计入期限",
    "delay_reply": "确定延迟答复的期限",
    "charge_fee": "通知缴费",
    "pay_fee": "收到缴费",
    "lapse_fee": "逾期未缴费，不再处理",
    "withdraw": "申请人撤回申请",
}


class ForApplicant:
    """Reading a case, for its applicant."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def view(self, number: str, code: str) -> ApplicantView:
        """The applicant's view. Raises Missing with one message for a wrong number and a wrong code."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            case = folded(self.office, unit, row)
            today = self.office.today()

            def may(event: str) -> bool:
                return case.machine.refusal(case, event, None, APPLICANT, today) is None

            return ApplicantView(
                number=row.number,
                agency=row.agency.code,
                agency_name=row.agency.name,
                title=row.request,
                state=row.state,
                state_label=self.office.law.states[row.state].label,
                submitted_at=row.submitted_at,
                receipt_date=case.received_on,
                reply_due=case.deadlines.reply_due,
                correction_due=case.deadlines.correction_due
                if row.state == "awaiting_correction"
                else None,
                steps=with_changes(_public_steps(self.office.law, case), changes_of(unit, row)),
                may_correct=may("correct"),
                may_withdraw=may("withdraw"),
            )


def _public_steps(law: Law, case: Case) -> list[dict[str, str]]:
    """What an applicant is told: the steps that concern them, without names and opinions."""
    found = []
    for line in case.log:
        event = line.event
        text = _PUBLIC.get(event.name)
        if isinstance(event, ev.RequireCorrection):
            due = case.deadlines.correction_due
            text = "请补正" + ("：" + "；".join(event.defects) if event.defects else "")
            text += f"，截止 {in_words(due)}" if due else ""
        elif isinstance(event, ev.ChargeFee) and event.amount is not None:
            due = case.deadlines.fee_due
            text = f"请缴纳信息处理费 {event.amount} 元"
            text += f"，截止 {in_words(due)}；逾期不缴，不再处理" if due else ""
        elif isinstance(event, ev.Extend):
            text = f"答复期限延长 {event.days} 个工作日"
        elif isinstance(event, ev.Serve) and case.facts.outcome:
            label = law.outcomes[case.facts.outcome].label
            text = f"已作出答复：{label}（{law.words.methods[event.method]}）"
        if text:
            found.append({"on": event.on.isoformat(), "text": text})
    return found
