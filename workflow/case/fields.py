"""What a field of an applicant's form may hold: each type brings what is typed to the form in which it is kept."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    WithJsonSchema,
)

from workflow.addresses import TELEPHONE_MOST, email_address, telephone
from workflow.case import identity
from workflow.rules.secrecy import bears_secret_mark


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _nothing_if_none(value: Any) -> Any:
    return () if value is None else value


def _no_secret_mark(value: str) -> str:
    if bears_secret_mark(value):
        raise ValueError("内容带有密级标志。本系统不处理国家秘密，请删去涉密内容")
    return value


def postcode(value: str) -> str:
    """Six digits. Raises ValueError, in Chinese."""
    if not re.fullmatch(r"\d{6}", value.strip()):
        raise ValueError("邮政编码为 6 位数字")
    return value.strip()


def _if_it_will_do(check: Callable[[str], str]) -> AfterValidator:
    """Brought to its form where that is possible; else kept as it was written."""

    def keep(value: str) -> str:
        try:
            return check(value)
        except ValueError:
            return value

    return AfterValidator(keep)


def _number(value: str) -> str:
    number = identity.normal_form(value)
    if not number:
        raise ValueError("请填写号码")
    return number


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_no_secret_mark),
]
Long = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_no_secret_mark),
]
Name = Annotated[Line, AfterValidator(identity.plain_name)]
IdNumber = Annotated[Line, AfterValidator(_number)]
Optional = BeforeValidator(_none_if_blank)
Listed = BeforeValidator(_nothing_if_none)
Phone = Annotated[
    str,
    AfterValidator(telephone),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A mobile number, a landline with area code, a 400 number, or a foreign "
            "number with its country code; as people write it.",
            "examples": ["13800000000", "0876-3123456转801", "+852 6123 4567"],
            "minLength": 7,
            "maxLength": TELEPHONE_MOST,
        }
    ),
]
Email = Annotated[
    str,
    AfterValidator(email_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Postcode = Annotated[
    str, AfterValidator(postcode), WithJsonSchema({"type": "string", "pattern": r"^\d{6}$"})
]
WrittenPhone = Annotated[Line, _if_it_will_do(telephone)]
WrittenEmail = Annotated[Line, _if_it_will_do(email_address)]
Kind = Literal["citizen", "organisation"]
Relation = Literal["agent", "guardian"]
AgentIdType = Literal[
    "resident_id", "hk_macao_taiwan_residence", "foreign_permanent_resident", "passport",
    "hk_macao_permit", "taiwan_permit", "other", "credit_code",
]  # fmt: skip
IdType = Literal[AgentIdType, "no_credit_code"]
Category = Literal[
    "natural_person", "business", "research_institute", "public_welfare", "legal_service", "other_organization"
]  # fmt: skip
Delivery = Literal["pickup", "mail", "email", "on_site", "fax", "portal"]
Medium = Literal["paper", "electronic"]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
