"""Every event with its fields: the words of contracts/events.json, as models that validate.

`on` is the day on which it happened (what the law looks at); when it was recorded stands in the log.
Days are YYYY-MM-DD; working-day counts are whole numbers; money is yuan. The title of a field is its
label on the pages.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from config.law import load_law
from workflow.dates import Day
from workflow.refusal import BadInput, FieldError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def _channel(value: Any) -> Any:
    return load_law().words.channel_aliases.get(value, value) if isinstance(value, str) else value


Channel = Annotated[
    Literal["portal", "email", "fax", "ordinary_mail", "ems", "in_person", "oral"],
    BeforeValidator(_channel),
]
Number = Annotated[int, Field(strict=True, ge=1, le=999)]


CorrectionGround = Literal["content", "identity", "contact", "form", "authority"]
"""What a correction may ask for (苏政办函〔2019〕98号): a clear description, proof of identity, a way of
contact, the form of supply, an agent's authority. Nothing else."""


class Event(BaseModel):
    """What happened to a case on a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: ClassVar[str]

    on: Day = Field(title="发生日期")
    note: Text | None = Field(None, title="备注")


class Submit(Event):
    name = "submit"
    channel: Channel = Field(title="提交方式")
    after_hours: bool | None = Field(None, title="下班之后")


class Receive(Event):
    name = "receive"
    channel: Channel = Field(title="收到方式")
    confirmed_on: Day | None = Field(None, title="双方确认之日")
    after_hours: bool | None = Field(None, title="下班之后")


class Reroute(Event):
    name = "reroute"
    to: Text = Field(title="转往机关")


class RequireCorrection(Event):
    name = "require_correction"
    reached_on: Day = Field(title="申请人收到通知之日")
    period_days: int | None = Field(None, strict=True, ge=1, le=60, title="补正期限（工作日）")
    deadline_on: Day | None = Field(None, title="补正截止日")
    defects: tuple[Text, ...] | None = Field(None, title="需要补正的内容（一行一项）")
    grounds: tuple[CorrectionGround, ...] | None = Field(None, title="补正的事由")


class Correct(Event):
    name = "correct"
    text: Text | None = Field(None, title="补正后的内容")


class LapseCorrection(Event):
    name = "lapse_correction"


class Assign(Event):
    name = "assign"
    to: Text | None = Field(None, title="承办科室或人员")
    due: Day | None = Field(None, title="内部期限")
    unclear_items: tuple[Number, ...] | None = Field(None, title="内容不明确的项（填序号）")


class AskReasons(Event):
    name = "ask_reasons"
    deadline_on: Day | None = Field(None, title="说明理由截止日")


class GiveReasons(Event):
    name = "give_reasons"
    accepted: bool | None = Field(None, title="理由是否合理")


class DelayReply(Event):
    name = "delay_reply"
    until: Day = Field(title="延迟答复至")


class Consultation(Event):
    consultation: Number = Field(title="第几次征求意见")
    reached_on: Day | None = Field(None, title="对方收到之日")


class ConsultThirdParty(Consultation):
    name = "consult_third_party"


class ConsultJointAgency(Consultation):
    name = "consult_joint_agency"


class ConsultOtherAgency(Consultation):
    name = "consult_other_agency"


class RecordOpinion(Event):
    name = "record_opinion"
    consultation: Number = Field(title="第几次征求意见")
    opinion: Literal["agrees", "objects", "none"] | None = Field(None, title="对方意见")


class OverrideThirdParty(Event):
    name = "override_third_party"
    consultation: Number = Field(title="第几次征求意见")
    reached_on: Day | None = Field(None, title="第三方收到告知之日")
    reason: Text | None = Field(None, title="公共利益的理由")


class AskRuling(Event):
    name = "ask_ruling"


class RecordRuling(Event):
    name = "record_ruling"
    ruling: Text = Field(title="确定意见")


class Extend(Event):
    name = "extend"
    days: int = Field(strict=True, ge=1, le=400, title="延长天数（工作日）")
    reached_on: Day | None = Field(None, title="申请人收到通知之日")
    reason: Text | None = Field(None, title="延期理由")
    approved_by: Text | None = Field(None, title="批准人")


class ChargeFee(Event):
    name = "charge_fee"
    reached_on: Day = Field(title="申请人收到通知之日")
    mode: Literal["by_item", "by_page"] | None = Field(None, title="计费方式")
    pages: int | None = Field(None, strict=True, ge=0, le=100_000, title="页数（按量）")
    units: int | None = Field(None, strict=True, ge=1, le=20, title="拆分为几件（按件）")
    amount: Decimal | None = Field(None, ge=0, le=10_000_000, title="金额（元）")


class PayFee(Event):
    name = "pay_fee"
    amount: Decimal | None = Field(None, ge=0, le=10_000_000, title="金额（元）")


class LapseFee(Event):
    name = "lapse_fee"


class RecordSearch(Event):
    name = "record_search"
    sources: tuple[Text, ...] = Field(min_length=1, title="检索的系统和场所（一行一处）")
    keywords: tuple[Text, ...] = Field(min_length=1, title="检索词（一行一个）")
    hits: int = Field(strict=True, ge=0, le=1_000_000, title="查到几件")
    scope: Literal["title", "full_text"] | None = Field(None, title="检索范围")
    asked: tuple[Text, ...] | None = Field(None, title="询问过的单位及其书面答复（一行一个）")
    mentions: tuple[Text, ...] | None = Field(None, title="提到、附有该信息的文件（一行一件）")
    item: Number | None = Field(None, title="检索的是第几项")


class Classification(BaseModel):
    """Fact, level and body of a classification; never the secret itself (保密法31(3))."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    level: Text = Field(title="密级")
    body: Text = Field(title="定密机关")
    on: Day = Field(title="定密日期")


class Evidence(BaseModel):
    """What an outcome rests on, for one item or for the whole application."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ground: Text | None = Field(None, title="事实和理由")
    citation: Text | None = Field(None, title="法律依据（法律、行政法规条款）")
    subtype: Text | None = Field(None, title="具体类别")
    earlier_reply: Text | None = Field(None, title="此前答复的编号")
    classification: Classification | None = Field(None, title="定密情况")
    address: Text | None = Field(None, title="公开的网址或者途径")
    redaction: Text | None = Field(None, title="区分处理记录")
    no_consultation_reason: Text | None = Field(None, title="不征求第三方意见的理由")
    reason: Text | None = Field(None, title="说明")
    assessment: Text | None = Field(None, title="本机关对第三方意见的判断")
    clarification: Text | None = Field(None, title="与申请人核实内容的记录")


class ItemOutcome(Evidence):
    """The answer to one requested item (1 = the first)."""

    item: Number = Field(title="第几项")
    outcome: Text = Field(title="答复类型")


class ProposeOutcome(Event, Evidence):
    name = "propose_outcome"
    outcome: Text | None = Field(None, title="答复类型")
    items: tuple[ItemOutcome, ...] | None = Field(None, title="逐项答复")
    result: Text | None = Field(None, title="办理结果")


class SendToSecrecyReview(Event):
    name = "send_to_secrecy_review"


class PassSecrecyReview(Event):
    name = "pass_secrecy_review"
    checks: dict[str, str] | None = Field(None, title="逐项核对")


class ReturnFromSecrecyReview(Event):
    name = "return_from_secrecy_review"
    reason: Text = Field(title="退回理由")


class PassLegalCheck(Event):
    name = "pass_legal_check"


class Approve(Event):
    name = "approve"


class ReturnDraft(Event):
    name = "return_draft"
    reason: Text = Field(title="退回理由")


class Serve(Event):
    name = "serve"
    method: Literal["direct", "entrusted", "mail", "electronic"] = Field(title="送达方式")
    posted_on: Day | None = Field(None, title="交邮日（邮寄）")
    signed_on: Day | None = Field(None, title="签收日（直接、委托送达）")
    sent_on: Day | None = Field(None, title="发送日（电子送达）")
    document_date: Day | None = Field(None, title="答复书落款日期")
    carrier: Text | None = Field(None, title="邮政企业")
    proof: Text | None = Field(None, title="送达凭证（回证、邮件号、发送记录）")


class ServiceFailed(Event):
    name = "service_failed"
    reason: Text = Field(title="未能送达的原因")


class Withdraw(Event):
    name = "withdraw"


class MergeDuplicate(Event):
    """Not in the contract's vocabulary: law.md §11A lists it (merge_duplicate)."""

    name = "merge_duplicate"
    into: Text = Field(title="并入哪一件申请（编号）")


class Archive(Event):
    name = "archive"


class Void(Event):
    name = "void"
    reason: Text = Field(title="作废理由")
    second_person: Text = Field(title="复核人（另一位工作人员的用户名）")


class FileReview(Event):
    name = "file_review"
    proceeding: Number | None = Field(None, title="案件序号")
    case_number: Text | None = Field(None, title="复议案号")
    summary: bool | None = Field(None, title="适用简易程序")


class ConcludeReview(Event):
    name = "conclude_review"
    proceeding: Number | None = Field(None, title="案件序号")
    result: Text = Field(title="复议结果")
    reached_on: Day | None = Field(None, title="收到复议决定之日")


class FileSuit(Event):
    name = "file_suit"
    proceeding: Number | None = Field(None, title="案件序号")
    via: Literal["direct", "after_review"] = Field(title="是否经过复议")
    instance: Literal["first", "appeal"] | None = Field(None, title="审级")
    role: Literal["respondent", "co_defendant"] | None = Field(None, title="本机关的地位")


class ConcludeSuit(Event):
    name = "conclude_suit"
    proceeding: Number | None = Field(None, title="案件序号")
    result: Text = Field(title="裁判结果")


class OrderRedo(Event):
    """A review decision or judgment orders a new reply. due: the last day that it fixes."""

    name = "order_redo"
    due: Day | None = Field(None, title="重新答复期限")


def _models(base: type[Event]) -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for model in base.__subclasses__():
        if "name" in model.__dict__:
            found[model.name] = model
        found.update(_models(model))
    return found


MODELS: dict[str, type[Event]] = _models(Event)


class UnknownEvent(ValueError):
    """A name that is not in the contract."""


def parse(name: Any, fields: dict[str, Any]) -> Event:
    """The event of that name with its fields.

    Raises UnknownEvent, or BadInput naming each wrong field in Chinese.
    """
    model = MODELS.get(name) if isinstance(name, str) else None
    if model is None:
        raise UnknownEvent(f"没有名为“{name}”的事项")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise BadInput(field_errors(error)) from error


_MESSAGES = {
    "missing": "请填写这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "请填写文字",
    "string_too_short": "请填写这一项",
    "string_too_long": "最多 {max_length} 个字",
    "int_type": "请填写整数",
    "int_parsing": "请填写整数",
    "int_from_float": "请填写整数",
    "bool_parsing": "请选择是或否",
    "bool_type": "请选择是或否",
    "decimal_parsing": "请填写数字",
    "decimal_type": "请填写数字",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是其中之一：{expected}",
    "tuple_type": "请填写列表",
    "list_type": "请填写列表",
    "dict_type": "请填写名称和内容的对应表",
    "model_type": "请填写名称和内容的对应表",
    "model_attributes_type": "请填写名称和内容的对应表",
    "too_short": "至少填写 {min_length} 项",
    "too_long": "最多填写 {max_length} 项",
    "finite_number": "请填写数字",
}


def field_errors(error: ValidationError) -> list[FieldError]:
    """pydantic's findings as fields and messages in Chinese."""
    found = []
    for item in error.errors(include_url=False):
        context = dict(item.get("ctx", {}))
        if "expected" in context:
            context["expected"] = "、".join(re.findall(r"'([^']*)'", str(context["expected"])))
        if item["type"] in ("value_error", "assertion_error"):
            message = str(context["error"])
        else:
            message = _MESSAGES.get(item["type"], "无法识别，请检查").format(**context)
        found.append(FieldError(".".join(str(part) for part in item["loc"]), message))
    return found


@cache
def field_title(event: str, field: str) -> str:
    """The label of an event's field on the pages."""
    return MODELS[event].model_fields[field].title or field


def days_of(event: Event) -> list[tuple[str, date]]:
    """Every day that an event names, with its field."""
    return [(name, value) for name, value in event if isinstance(value, date)]


def literal_values(annotation: Any) -> tuple[str, ...]:
    """The words that a field accepts, () for free fields."""
    for part in (annotation, *get_args(annotation)):
        if getattr(part, "__origin__", None) is Literal:
            return get_args(part)
        inner = get_args(part)
        if inner and getattr(inner[0], "__origin__", None) is Literal:
            return get_args(inner[0])
    return ()
