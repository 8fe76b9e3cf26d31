"""The application form of 条例29 as a web form, for applicants and for the registering desk.

The web form holds what was typed; whether it will do is decided by `workflow.case.application.read_form`,
whose findings are put back at the fields here.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)

from config.law import load_law
from webui.body_list import BodyList
from workflow.case.application import ApplicationForm, id_type_labels
from workflow.case.identity import NO_CODE
from workflow.dates import in_words
from workflow.refusal import FieldError
from workflow.service import Reader

Said = str | list[str]
"""What somebody typed, or the words of the house that they chose."""
KINDS = [("citizen", "公民"), ("organisation", "法人或者其他组织")]
BY_POST, ON_THE_WIRE, SPOKEN = ("ems", "ordinary_mail"), ("email", "fax"), ("oral", "in_person")
"""Ways in that ask for something of their own."""
AGENT_FIELDS = ("name", "id_type", "id_number", "phone", "relation", "until")
RELATIONS = [("agent", "委托代理人"), ("guardian", "监护人")]
CHOOSE = {
    "applicant.kind": "请选择以什么身份申请",
    "applicant.id_type": "请选择证件名称",
    "agent.id_type": "请选择代理人的证件名称",
    "delivery": "请至少选择一种获取方式",
    "medium": "请至少选择一种载体",
    "channel": "请选择提交方式",
    "agency": "请选择受理机关",
}
MAY_BE_WRITTEN_SO = (
    "id_number", "credit_code", "phone", "email", "postcode", "agent_id_number", "agent_phone",
)  # fmt: skip
# Offered to applicants; the rest of the contract's words is for staff.
PORTAL_DELIVERY = ("pickup", "mail", "email", "on_site", "fax")


@dataclass(frozen=True)
class Problem:
    """A line of the error summary, leading to its field."""

    anchor: str
    label: str
    message: str


class ApplyForm(FlaskForm):
    """The applicant's form. Names of organisations have a field of their own, so that both blocks
    can stand on one page."""

    # Fields that stand before the others on the page.
    on_top: tuple[str, ...] = ()

    submit_key = HiddenField("")  # without a label one is looked up in the translations
    agency = SelectMultipleField("受理机关", validate_choice=False)
    kind = RadioField("您以什么身份申请？", validate_choice=False)
    name = StringField("姓名")
    id_type = SelectField("证件名称", validate_choice=False)
    id_number = StringField("证件号码")
    org_name = StringField("单位名称")
    credit_code = StringField("统一社会信用代码")
    proof = StringField("身份证明（没有代码的填写）")
    legal_representative = StringField("法定代表人（选填）")
    contact = StringField("联系人")
    phone = TelField("联系电话")
    email = EmailField("电子邮箱")
    address = StringField("通信地址")
    postcode = StringField("邮政编码（选填）")
    items = TextAreaField("要公开的信息")
    document_number = StringField("文号（选填）")
    other = TextAreaField("其他便于查找的特征（选填）")
    delivery = SelectMultipleField("怎样给您？", validate_choice=False)
    medium = SelectMultipleField("要哪种载体？", validate_choice=False)
    accept_other_form = BooleanField("若无法按上述方式提供，同意以其他方式提供")
    assistance = StringField("需要的协助（选填）")
    agent_name = StringField("代理人姓名")
    agent_id_type = SelectField("代理人证件名称", validate_choice=False)
    agent_id_number = StringField("代理人证件号码")
    agent_phone = TelField("代理人联系电话")
    agent_relation = SelectField("代理的身份", choices=RELATIONS, validate_choice=False)
    agent_until = StringField("授权截止日（选填）")
    file_id_proof = FileField("身份证明")
    file_power_of_attorney = FileField("授权委托书、监护关系的证明（选填）")

    body_errors: Mapping[str, str] = {}

    def offer(self, bodies: Sequence[Reader], delivery: tuple[str, ...] = PORTAL_DELIVERY) -> None:
        """Fill the lists to choose from. bodies: that can be chosen on the page itself; what was chosen elsewhere stands
        before them."""
        words = load_law().words
        proofs = [("", "请选择"), *id_type_labels().items()]
        self.kind.choices = list(KINDS)
        self.offer_bodies(bodies)
        self.id_type.choices = self.agent_id_type.choices = proofs
        self.delivery.choices = [(key, words.delivery[key]) for key in delivery]
        self.medium.choices = list(words.medium.items())

    def offer_bodies(self, bodies: Sequence[Reader]) -> None:
        self.agency.choices = [(body.code, body.name) for body in bodies]

    def start(self, bodies: Sequence[Reader]) -> None:
        """What an empty form begins with."""
        self.submit_key.data = secrets.token_urlsafe(16)
        self.id_type.data = "resident_id"
        self.accept_other_form.data = True
        if len(bodies) == 1:
            self.agency.data = [bodies[0].code]

    @property
    def has_agent(self) -> bool:
        return self.as_application()["agent"] is not None

    def as_application(self) -> dict[str, Any]:
        """What was typed, as contracts/application.md writes it."""
        return application_of(self)

    def show(self, errors: list[FieldError]) -> list[Problem]:
        """Put each finding at its field. Returns the summary for the top, in the order of the page."""
        found: list[tuple[int, Problem]] = []
        order = [*self.on_top, *self._fields]
        names = dict(self.agency.choices or ())
        self.body_errors = {}
        for error in errors:
            first, _, code = error.field.partition(".")
            if first == "agency" and code in names:
                self.body_errors[code] = error.message
                place = order.index("agency")
                found.append(
                    (place, Problem(f"agency-{code}", names[code], self.body_errors[code]))
                )
                continue
            name = self._field_of(error.field)
            field = cast(Field, self._fields.get(name, self.items))
            message = CHOOSE.get(error.field, "") if _is_choice(error) else ""
            message = message or _at_line(error)
            label = str(field.label.text).removesuffix("（选填）").rstrip("？")
            if message not in field.errors:
                field.errors = [*field.errors, message]
                found.append((order.index(field.name), Problem(_anchor(field), label, message)))
        return [problem for _, problem in sorted(found, key=lambda pair: pair[0])]

    def _field_of(self, field: str) -> str:
        first, _, rest = field.partition(".")
        if first == "applicant":
            return "org_name" if rest == "name" and self.kind.data == "organisation" else rest
        if first == "agent":
            return f"agent_{rest}"
        if first == "description":
            return rest
        return {"request": "items", "": "confirmed_on", "kind": "matter"}.get(first, first)


class Typed:
    """What was posted, field by field as the form of an applicant has it, without the form: where nothing is
    shown, making its fields would cost more than what they hold."""

    def __init__(self, posted: MultiDict[str, str]) -> None:
        self._posted = posted

    def __getitem__(self, name: str) -> "Typed.Field":
        said = self._posted.getlist(name)
        if name in ("delivery", "medium", "agency"):
            return Typed.Field(said)
        if name == "accept_other_form":
            return Typed.Field(bool(said) and said[0] not in BooleanField.false_values)
        return Typed.Field(said[0] if said else None)

    class Field(NamedTuple):
        data: Any


def application_of(typed: ApplyForm | Typed) -> dict[str, Any]:
    """What was typed, as contracts/application.md writes it."""
    organisation = typed["kind"].data == "organisation"
    person: dict[str, Any] = {"kind": _text(typed["kind"])}
    person["name"] = _text(typed["org_name" if organisation else "name"])
    own = (
        ("credit_code", "proof", "contact", "legal_representative")
        if organisation
        else ("id_type", "id_number")
    )
    for name in (*own, "phone", "email", "address", "postcode"):
        person[name] = _text(typed[name])
    if organisation and person["proof"] and not person["credit_code"]:
        person["id_type"] = NO_CODE
    agent = {name: _text(typed[f"agent_{name}"]) for name in AGENT_FIELDS}
    named = any(said for name, said in agent.items() if name not in ("id_type", "relation"))
    return {
        "agency": next(iter(bodies_of(typed)), ""),
        "applicant": person,
        "agent": agent if named else None,
        "items": [line.strip() for line in _text(typed["items"]).splitlines() if line.strip()],
        "description": {
            "document_number": _text(typed["document_number"]),
            "other": _text(typed["other"]),
        },
        "delivery": list(typed["delivery"].data or ()),
        "medium": list(typed["medium"].data or ()),
        "accept_other_form": bool(typed["accept_other_form"].data),
        "assistance": _text(typed["assistance"]),
    }


def bodies_of(typed: ApplyForm | Typed) -> list[str]:
    """The codes of the bodies that were chosen, each once, in order."""
    said = typed["agency"].data or ()
    chosen = [said] if isinstance(said, str) else list(said)
    return list(dict.fromkeys(code.strip() for code in chosen if code.strip()))


class RegisterForm(ApplyForm):
    """An application on paper, by mail, fax, e-mail or word of mouth, typed in by staff."""

    on_top = (
        "matter", "channel", "on", "confirmed_on", "way", "tracking", "signed_by", "postmarked_on",
        "addressed_to", "sender", "read_back", "mail_checked", "agency",
    )  # fmt: skip

    agency = SelectField("受理机关", validate_choice=False)
    matter = SelectField("登记为", validate_choice=False)
    channel = SelectField("提交方式", validate_choice=False)
    on = DateField("收到之日（提交、签收、来件之日）")
    confirmed_on = DateField("与申请人确认之日（选填）")
    parcel = HiddenField("")
    way = SelectField("怎样寄来的", validate_choice=False)
    tracking = StringField("邮件号（选填）")
    signed_by = StringField("由谁签收（选填）")
    postmarked_on = DateField("邮戳日期（选填）")
    addressed_to = StringField("信封写给谁（选填）")
    sender = StringField("来件的邮箱或者传真号（选填）")
    read_back = BooleanField("已经把记下的内容读给申请人听，申请人确认无误")
    mail_checked = BooleanField("已经在邮箱里核对过邮件到达的日期")
    category = SelectField("年报统计类别（选填）", validate_choice=False)
    who = StringField("申请人情况（选填）")
    unclear = BooleanField("申请内容不明确，需要补正")
    file_application = FileField("申请书")
    file_envelope = FileField("信封、面单")
    file_id_proof = FileField("身份证明")
    file_power_of_attorney = FileField("授权委托书")
    file_other = FileField("其他材料")
    as_written = BooleanField("已经核对，来件上就是这样写的：照原样登记，列入补正")

    def offer(self, bodies: Sequence[Reader], delivery: tuple[str, ...] = ()) -> None:
        law = load_law()
        super().offer(bodies, delivery or tuple(law.words.delivery))
        self.kind.label.text = "申请人是"
        self.delivery.label.text, self.medium.label.text = "怎样提供", "哪种载体"
        self.matter.choices = [
            (key, entry["label"]) for key, entry in law.words.kinds.items() if key != "test"
        ]
        self.channel.choices = [
            ("", "请选择"),
            *(
                (key, entry["label"])
                for key, entry in law.words.channels.items()
                if key != "portal"
            ),
        ]
        self.way.choices = [
            ("", "请选择"),
            *((key, way["label"]) for key, way in law.words.parcel_ways.items() if way["channel"] in BY_POST),
        ]  # fmt: skip
        columns = [key for key in law.formats.applicant_columns() if key != "natural_person"]
        self.category.choices = [
            ("", "由系统按名称判断"),
            *((key, law.formats.columns[key]) for key in columns),
        ]

    def offer_bodies(self, bodies: Sequence[Reader]) -> None:
        self.agency.choices = []
        self.agency.widget = BodyList(bodies, none_first=len(bodies) != 1)

    def start(self, bodies: Sequence[Reader]) -> None:
        super().start(bodies)
        if len(bodies) == 1:
            self.agency.data = bodies[0].code

    def as_application(self) -> dict[str, Any]:
        data = super().as_application()
        data["kind"] = _text(self.matter) or "application"
        data["channel"] = _text(self.channel)
        data["on"] = _typed(self.on)
        data["confirmed_on"] = _typed(self.confirmed_on) or None
        data["applicant"]["description"] = _text(self.who)
        data["arrival"] = self._arrival(data["channel"])
        data["unclear"] = bool(self.unclear.data)
        data["as_written"] = bool(self.as_written.data)
        if self.kind.data == "organisation":
            data["applicant"]["category"] = _text(self.category)
        return data

    def _arrival(self, channel: str) -> dict[str, Any] | None:
        """What is asked of this way alone; None where it asks nothing or nothing was said."""
        found: dict[str, Any] = {}
        if channel in BY_POST or self.parcel.data:
            found = {
                name: _text(self[name]) for name in ("way", "tracking", "signed_by", "addressed_to")
            }
            found["postmarked_on"] = _typed(self.postmarked_on)
            found["parcel"] = _whole(_text(self.parcel))
        if channel in ON_THE_WIRE:
            found["sender"] = _text(self.sender)
        if channel in SPOKEN:
            found["read_back"] = bool(self.read_back.data)
        return found if any(found.values()) else None

    def slips(self, *, from_mail: bool) -> list[FieldError]:
        """What the desk asks of a way besides, and a paper cannot tell."""
        found, channel = [], _text(self.channel)
        if channel == "oral" and not self.read_back.data:
            words = "口头申请由工作人员代为填写的，请读给申请人听，确认无误之后再登记"
            found.append(FieldError("read_back", words))
        if from_mail and channel == "email" and not self.mail_checked.data:
            found.append(FieldError("mail_checked", "请在邮箱里核对邮件到达的日期，再勾选"))
        return found

    @property
    def may_be_written_so(self) -> bool:
        """Something typed cannot be right: the clerk looks again, and says so if the paper has it so."""
        return bool(self.as_written.data) or any(self[name].errors for name in MAY_BE_WRITTEN_SO)

    def _field_of(self, field: str) -> str:
        if field.startswith("arrival."):
            return field.removeprefix("arrival.")
        if field == "parcel":
            return "on"
        return "who" if field == "applicant.description" else super()._field_of(field)


def summary_of(form: ApplicationForm) -> list[tuple[str, list[tuple[str, Said]]]]:
    """The checked form in words, section by section, for the page 检查一遍."""
    words, person = load_law().words, form.applicant
    if person.kind == "citizen":
        who = [("姓名", person.name), (words.id_types[person.id_type or "other"], person.id_number)]
    else:
        who = [
            ("单位名称", person.name),
            ("统一社会信用代码", person.credit_code),
            ("身份证明", person.proof),
            ("法定代表人", person.legal_representative),
            ("联系人", person.contact),
        ]
    who += [
        ("联系电话", person.phone),
        ("电子邮箱", person.email),
        ("通信地址", person.address),
        ("邮政编码", person.postcode),
    ]
    items = form.wanted()
    wanted = [(f"第 {n} 项" if len(items) > 1 else "名称", text) for n, text in enumerate(items, 1)]
    if form.items:
        wanted += [("文号", form.description.document_number), ("其他特征", form.description.other)]
    how: list[tuple[str, Said | None]] = [
        ("获取方式", [words.delivery[key] for key in form.delivery]),
        ("载体", [words.medium[key] for key in form.medium]),
        ("无法按上述方式提供时", "同意其他方式" if form.accept_other_form else "不同意其他方式"),
        ("需要的协助", form.assistance),
    ]
    sections: list[tuple[str, Sequence[tuple[str, Said | None]]]] = [
        ("申请人", who), ("要公开的信息", wanted), ("提供方式", how),
    ]  # fmt: skip
    if form.agent:
        agent = [
            ("姓名", form.agent.name),
            (words.id_types[form.agent.id_type], form.agent.id_number),
            ("联系电话", form.agent.phone),
            ("身份", dict(RELATIONS).get(form.agent.relation or "", "")),
            ("授权截止日", in_words(form.agent.until) if form.agent.until else ""),
        ]
        sections.insert(1, ("代理人", agent))
    return [(title, [(label, text) for label, text in rows if text]) for title, rows in sections]


def _text(field: Field) -> str:
    return str(field.data or "").strip()


def _typed(field: Field) -> str:
    """A date as it was typed: the domain says what is wrong with it."""
    if field.raw_data:
        return str(field.raw_data[0]).strip()
    return field.data.isoformat() if field.data else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _is_choice(error: FieldError) -> bool:
    return error.message.startswith(("只能是", "至少填写", "请填写这一项", "请选择"))


def _at_line(error: FieldError) -> str:
    line = re.fullmatch(r"items\.(\d+)", error.field)
    return f"第 {int(line[1]) + 1} 行：{error.message}" if line else error.message


def _anchor(field: Field) -> str:
    choices = isinstance(field, RadioField | SelectMultipleField) and field.name != "agency"
    return f"{field.name}-0" if choices else str(field.name)
