"""An applicant's form: exactly the fields of 条例29 (contracts/application.md), validated.

Purpose, relation to the information and employer are never asked (law.md §1, art 27). On the net
everything that is asked must be there; paper is never refused (law.md §3.2): what it lacks is a gap
(workflow/case/gaps.py).
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal, overload

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from config.law import load_law
from workflow.addresses import email_address, telephone
from workflow.case import identity
from workflow.case.fields import (
    AgentIdType,
    Category,
    Delivery,
    Email,
    Form,
    IdNumber,
    IdType,
    Kind,
    Line,
    Listed,
    Long,
    Medium,
    Name,
    Optional,
    Phone,
    Postcode,
    Relation,
    WrittenEmail,
    WrittenPhone,
    postcode,
)  # fmt: skip
from workflow.dates import Day
from workflow.events import Channel, field_errors
from workflow.refusal import BadInput, FieldError
from workflow.rules.columns import column_of


class Agent(Form):
    """Who acts for the applicant, with proof of identity (身份证明); the power of attorney follows.

    relation: by a power of attorney, or as guardian of a minor. until: the last day of the power of
    attorney; later papers go to the principal.
    """

    name: Name
    id_type: AgentIdType
    id_number: IdNumber
    phone: Phone
    relation: Annotated[Relation | None, Optional] = None
    until: Annotated[Day | None, Optional] = None


class PaperAgent(Form):
    """Who acts for the applicant, as far as the paper tells."""

    name: Annotated[Name | None, Optional] = None
    id_type: Annotated[AgentIdType | None, Optional] = None
    id_number: Annotated[IdNumber | None, Optional] = None
    phone: Annotated[WrittenPhone | None, Optional] = None
    relation: Annotated[Relation | None, Optional] = None
    until: Annotated[Day | None, Optional] = None


class AnyApplicant(Form):
    """What everybody may say who applies."""

    id_type: Annotated[IdType | None, Optional] = None
    id_number: Annotated[IdNumber | None, Optional] = None
    address: Annotated[Line | None, Optional] = None
    credit_code: Annotated[IdNumber | None, Optional] = None
    proof: Annotated[Line | None, Optional] = None
    contact: Annotated[Name | None, Optional] = None
    legal_representative: Annotated[Name | None, Optional] = None
    category: Annotated[Category | None, Optional] = None


class ApplicantForm(AnyApplicant):
    """A citizen, or an organisation with its credit code, or proof in words where it has none, and
    its contact person."""

    kind: Kind
    name: Name
    phone: Phone
    email: Annotated[Email | None, Optional] = None
    postcode: Annotated[Postcode | None, Optional] = None

    @property
    def citizen(self) -> bool:
        return self.kind == "citizen"


class PaperApplicant(AnyApplicant):
    """Who applies, as far as the paper or the visitor tells: a name, or a description by the clerk."""

    kind: Annotated[Kind | None, Optional] = None
    name: Annotated[Name | None, Optional] = None
    description: Annotated[Line | None, Optional] = None
    phone: Annotated[WrittenPhone | None, Optional] = None
    email: Annotated[WrittenEmail | None, Optional] = None
    postcode: Annotated[Line | None, Optional] = None

    @property
    def citizen(self) -> bool:
        """As told; else what the papers of an organisation or the ending of its name say."""
        if self.kind is not None:
            return self.kind == "citizen"
        if (
            self.credit_code
            or self.contact
            or self.id_type in (identity.CREDIT_CODE, identity.NO_CODE)
        ):
            return False
        law, said = load_law(), self.description or self.name or ""
        column = column_of(law, law.defaults(), self.category, said, citizen=True)
        return column == "natural_person" or (
            not self.description and len(said) <= LONGEST_SURE_NAME
        )


LONGEST_SURE_NAME = 4
"""Characters of a name that is taken for a person's, whatever it ends with."""


class Description(Form):
    """Name, document number or other features of the information (条例29(2))."""

    title: Annotated[Long | None, Optional] = None
    document_number: Annotated[Long | None, Optional] = None
    other: Annotated[Long | None, Optional] = None


class AnyApplication(Form):
    """What every application may say."""

    agency: Line
    request: Annotated[Long | None, Optional] = None
    items: Annotated[tuple[Long, ...], Field(max_length=20)] = ()
    description: Description = Description()
    accept_other_form: bool = True
    assistance: Annotated[Line | None, Optional] = None

    def wanted(self) -> tuple[str, ...]:
        """What is asked for, item by item."""
        described = (
            self.description.title,
            self.description.document_number,
            self.description.other,
        )
        if self.items:
            return self.items
        return (self.request or "；".join(text for text in described if text) or NOT_SAID,)

    def title(self) -> str:
        """The request in a line."""
        return self.request or "；".join(self.wanted())


class ApplicationForm(AnyApplication):
    """One application as an applicant files it."""

    applicant: ApplicantForm
    agent: Agent | None = None
    delivery: Annotated[tuple[Delivery, ...], Field(min_length=1, max_length=6)]
    medium: Annotated[tuple[Medium, ...], Field(min_length=1, max_length=2)]


class Arrival(Form):
    """How it came in, as far as the envelope, the label or the machine tells.

    way: a word of words.toml [parcel_ways], by post only. tracking: the number on the label. signed_by: who signed
    for it. addressed_to: the words of the envelope. postmarked_on: the day of the postmark. sender: the mailbox or the
    number of the machine from which it came. parcel: the entry of the register of parcels that it was, by its id.
    read_back: what was written down for a visitor was read to them, and they confirmed it (条例29).
    """

    way: Annotated[str | None, Optional] = None
    tracking: Annotated[Line | None, Optional] = None
    signed_by: Annotated[Line | None, Optional] = None
    addressed_to: Annotated[Line | None, Optional] = None
    postmarked_on: Annotated[Day | None, Optional] = None
    sender: Annotated[Line | None, Optional] = None
    parcel: int | None = None
    read_back: bool = False

    @field_validator("way")
    @classmethod
    def _known(cls, way: str | None) -> str | None:
        if way is not None and way not in load_law().words.parcel_ways:
            raise ValueError("请选择邮寄或者送达的方式")
        return way


class WrittenForm(AnyApplication):
    """An application as far as a paper, or another system, tells it.

    accept_other_form: only where the paper says so.
    unclear: what is wanted cannot be told from it; without words of its own a neutral line stands
    for it. as_written: numbers and addresses that cannot be right stand so on the paper.
    kind: an application, or what stands in a register of its own: the correction of a record about
    oneself (条例41), a suggestion to publish (条例44), an enquiry.
    """

    applicant: PaperApplicant
    agent: PaperAgent | None = None
    delivery: Annotated[tuple[Delivery, ...], Field(max_length=6), Listed] = ()
    medium: Annotated[tuple[Medium, ...], Field(max_length=2), Listed] = ()
    accept_other_form: bool = False
    unclear: bool = False
    as_written: bool = False
    kind: Literal["application", "record_correction", "publication_suggestion", "enquiry"] = (
        "application"
    )


class OfflineForm(WrittenForm):
    """An application on paper, by fax or by mail or by a visitor, registered by staff with what it lacks
    (workflow/case/gaps.py).

    on: day handed in, signed for, or received by machine. confirmed_on: day of mutual confirmation.
    """

    arrival: Arrival | None = None
    channel: Channel
    on: Day
    confirmed_on: Day | None = None

    @field_validator("confirmed_on")
    @classmethod
    def _in_order(cls, day: date | None, told: ValidationInfo) -> date | None:
        arrived = told.data.get("on")
        if day and arrived and day < arrived:
            raise ValueError("双方确认之日早于提交之日")
        return day


class PastForm(WrittenForm):
    """An application that another platform hands over: what came how and when its events tell."""

    agency: str = ""


Application = ApplicationForm | WrittenForm


def papers_wanted(form: ApplicationForm) -> dict[str, str]:
    """The papers that prove who applies and who acts for them (条例29(1)), by kind of file, with what each is called.
    An application is filed without them: what is lacking is asked for."""
    if form.agent:
        proof = "本人和代理人的身份证明"
    elif form.applicant.citizen:
        proof = "身份证明"
    else:
        proof = "营业执照等身份证明"
    wanted = {"id_proof": proof}
    if form.agent:
        guardian = form.agent.relation == "guardian"
        wanted["power_of_attorney"] = "监护关系的证明" if guardian else "授权委托书"
    return wanted


NOT_SAID = "来件没有写明需要的信息"
"""What stands for the request of a paper that does not tell what is wanted."""


@overload
def read_form(data: Any, model: type[OfflineForm], *, today: date) -> OfflineForm: ...
@overload
def read_form(data: Any, model: type[PastForm], *, today: date) -> PastForm: ...
@overload
def read_form(
    data: Any, model: type[ApplicationForm] = ApplicationForm, *, today: date
) -> ApplicationForm: ...
def read_form(
    data: Any, model: type[ApplicationForm] | type[WrittenForm] = ApplicationForm, *, today: date
) -> Application:
    """The form, checked as a whole. Raises BadInput with every wrong field, in Chinese.

    Rule: paper is never refused for what it lacks (law.md §3.2): it needs a name or a description of who
    applies, and what was asked.

    today: a date of birth is not after it.
    """
    errors: list[FieldError] = []
    form: Application | None = None
    if isinstance(data, dict) and isinstance(data.get("description"), type(None)):
        data = {key: value for key, value in data.items() if key != "description"}
    try:
        form = model.model_validate(data)
    except ValidationError as error:
        errors = field_errors(error)
    already = {error.field for error in errors}
    if isinstance(data, dict) and isinstance(data.get("applicant"), dict):
        across = _online if model is ApplicationForm else _paper
        errors.extend(across(data, already, today))
    if errors or form is None:
        raise BadInput(errors)
    return form


def _online(data: dict[str, Any], already: set[str], today: date) -> list[FieldError]:
    """What one field demands of another; also told when other fields are wrong."""
    person, found = data["applicant"], []

    def need(field: str, message: str) -> None:
        if f"applicant.{field}" not in already and not _filled(person.get(field)):
            found.append(FieldError(f"applicant.{field}", message))

    if person.get("kind") == "organisation":
        if person.get("id_type") == identity.NO_CODE and not _filled(person.get("credit_code")):
            need("proof", "没有统一社会信用代码的，请写明能够证明身份的材料")
        elif person.get("id_type") == identity.CREDIT_CODE and not _filled(
            person.get("credit_code")
        ):
            need("id_number", "请填写统一社会信用代码；没有的，请写明身份证明")
        else:
            need("credit_code", "请填写统一社会信用代码；没有的，请写明身份证明")
        need("contact", "请填写联系人")
    else:
        need("id_type", "请选择证件名称")
        need("id_number", "请填写证件号码")
        if person.get("id_type") == identity.NO_CODE:
            found.append(FieldError("applicant.id_type", "请选择本人的证件"))
    found.extend(wrong_numbers(data, today, already))
    delivery = data.get("delivery")
    delivery = delivery if isinstance(delivery, list | tuple) else ()
    if "email" in delivery:
        need("email", "选择了电子邮件，请填写电子邮箱")
    if "mail" in delivery:
        need("address", "选择了邮寄，请填写通信地址")
    if not _asks(data):
        found.append(FieldError("request", "请写明要公开的信息：名称、文号或者便于查找的特征"))
    return found


def _paper(data: dict[str, Any], already: set[str], today: date) -> list[FieldError]:
    """What paper must tell to be registered, and what may be a slip of the clerk's."""
    person, found = data["applicant"], []
    if "applicant.name" not in already and not any(
        _filled(person.get(k)) for k in ("name", "description")
    ):
        message = "请写明姓名或者名称；来件没有写的，写明是谁提出的，例如“一位来访者”"
        found.append(FieldError("applicant.name", message))
    if data.get("as_written") is not True:
        found.extend(wrong_numbers(data, today, already))
        found.extend(wrong_contacts(data, already))
    if data.get("unclear") is not True and not _asks(data):
        message = "请写明要什么信息；来件没有写清的，勾选“申请内容不明确”，或者写一句中性的话"
        found.append(FieldError("request", message))
    return found


def _asks(data: dict[str, Any]) -> bool:
    """True where the application says what it is about."""
    described = data.get("description")
    texts = list(described.values()) if isinstance(described, dict) else []
    items = data.get("items")
    texts.extend(items if isinstance(items, list | tuple) else ())
    return any(_filled(text) for text in (data.get("request"), *texts))


def _filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def wrong_numbers(
    data: dict[str, Any], today: date, already: Collection[str] = ()
) -> list[FieldError]:
    """The numbers of identity that cannot be right, each at its field."""
    found = []
    for where in ("applicant", "agent"):
        person = data.get(where)
        if not isinstance(person, dict):
            continue
        told = ((str(person.get("id_type")), "id_number"), (identity.CREDIT_CODE, "credit_code"))
        for kind, field in told:
            number = person.get(field)
            if f"{where}.{field}" in already or not isinstance(number, str):
                continue
            number = identity.normal_form(number)
            wrong = identity.wrong_number(kind, number, today) if number else None
            if wrong:
                found.append(FieldError(f"{where}.{field}", wrong))
    return found


def wrong_contacts(data: dict[str, Any], already: Collection[str] = ()) -> list[FieldError]:
    """Telephones, e-mail addresses and postcodes that cannot be right, each at its field."""
    found = []
    for where in ("applicant", "agent"):
        person = data.get(where)
        for field, check in (
            ("phone", telephone),
            ("email", email_address),
            ("postcode", postcode),
        ):
            value = person.get(field) if isinstance(person, dict) else None
            if f"{where}.{field}" in already or not isinstance(value, str) or not value.strip():
                continue
            try:
                check(value)
            except ValueError as error:
                found.append(FieldError(f"{where}.{field}", str(error)))
    return found


def id_type_labels() -> dict[str, str]:
    """Kinds of identity proof for citizens, with their labels."""
    of_bodies = (identity.CREDIT_CODE, identity.NO_CODE)
    return {key: label for key, label in load_law().words.id_types.items() if key not in of_bodies}
