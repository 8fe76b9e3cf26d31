"""The form of a docket file: what is one, and where a file stops being one."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from config.law import load_law
from workflow import events as ev
from workflow.case.facts import Applicant, Header
from workflow.case.identity import plain_name
from workflow.case.number import numbers_in
from workflow.dates import parse_day
from workflow.refusal import BadInput, FieldError
from workflow.rules.columns import column_of
from workflow.rules.secrecy import bears_secret_mark

DOCKET_FIELDS = ("agency", "settings", "local_calendar", "cases")
AGENCY_FIELDS = ("code", "name", "level", "region", "parent")
CASE_FIELDS = (
    "ref", "kind", "applicants", "request", "items", "events", "joint_letter", "redo_of",
)  # fmt: skip
APPLICANT_FIELDS = ("category", "description", "name", "agent")
KINDS = ("application", "record_correction", "publication_suggestion", "enquiry", "test")


def check_docket(docket: Any) -> None:
    """Raises BadInput naming the place where the file stops being a docket."""
    if not isinstance(docket, dict):
        raise BadInput([FieldError("文件", "须为一个对象，含 agency 和 cases")])
    errors = list(_unknown(docket, DOCKET_FIELDS))
    agency = docket.get("agency")
    if isinstance(agency, dict):
        errors.extend(_unknown(agency, AGENCY_FIELDS, "agency"))
    if not isinstance(agency, dict) or not isinstance(agency.get("code"), str):
        errors.append(FieldError("agency.code", "请填写机关代码"))
    else:
        errors.extend(
            FieldError(f"agency.{key}", "请填写文字")
            for key in AGENCY_FIELDS[1:]
            if not isinstance(agency.get(key) or "", str)
        )
    if not isinstance(docket.get("settings") or {}, dict):
        errors.append(FieldError("settings", "须为名称和值的对应表"))
    cases = docket.get("cases")
    if not isinstance(cases, list):
        errors.append(FieldError("cases", "须为申请的列表"))
        cases = []
    refs: set[str] = set()
    for index, case in enumerate(cases):
        errors.extend(_case_errors(case, f"cases.{index}", refs))
    for index, case in enumerate(cases):
        first = case.get("redo_of") if isinstance(case, dict) else None
        if isinstance(first, str) and first and first not in refs and not numbers_in(first):
            errors.append(FieldError(f"cases.{index}.redo_of", f"案卷中没有“{first[:40]}”这一件"))
    if errors:
        raise BadInput(errors)


def _case_errors(case: Any, where: str, refs: set[str]) -> Iterator[FieldError]:
    if not isinstance(case, dict):
        yield FieldError(where, "须为一个对象")
        return
    ref = case.get("ref")
    if not isinstance(ref, str) or not ref:
        yield FieldError(f"{where}.ref", "请填写 ref")
    elif ref in refs:
        yield FieldError(f"{where}.ref", f"“{ref}”出现了两次")
    else:
        refs.add(ref)
    if (case.get("kind") or "application") not in KINDS:
        yield FieldError(f"{where}.kind", f"只能是：{'、'.join(KINDS)}")
    events = case.get("events") or []
    if not isinstance(events, list):
        yield FieldError(f"{where}.events", "须为事项的列表")
        events = []
    for number, entry in enumerate(events):
        if not isinstance(entry, dict) or not isinstance(entry.get("event"), str):
            yield FieldError(f"{where}.events.{number}", "须为含 event 和 on 的对象")
            continue
        yield from _event_fields(entry, f"{where}.events.{number}")
    yield from _unknown(case, CASE_FIELDS, where)
    applicants = case.get("applicants") or []
    if not isinstance(applicants, list) or any(
        not isinstance(person, dict) for person in applicants
    ):
        yield FieldError(f"{where}.applicants", "须为申请人的列表")
    for key in ("request", "joint_letter", "redo_of"):
        if not isinstance(case.get(key) or "", str):
            yield FieldError(f"{where}.{key}", "请填写文字")
    for number, person in enumerate(applicants if isinstance(applicants, list) else []):
        if isinstance(person, dict):
            yield from _applicant_errors(person, f"{where}.applicants.{number}")
    items = case.get("items") or []
    if not isinstance(items, list) or any(not isinstance(item, str) for item in items):
        yield FieldError(f"{where}.items", "须为文字的列表")
    yield from _secret_marks(case, where)


def _event_fields(entry: dict[str, Any], where: str) -> Iterator[FieldError]:
    """A field that the event does not have is a slip of the file, not of the case."""
    model = ev.MODELS.get(entry["event"])
    if model is not None:
        written = [info.alias or name for name, info in model.model_fields.items()]
        yield from _unknown(entry, ("event", "by", *written), where)


def _unknown(
    given: dict[str, Any], known: Collection[str], where: str = ""
) -> Iterator[FieldError]:
    for key in given:
        if key not in known:
            yield FieldError(
                f"{where}.{key}".lstrip("."), f"没有这一项，只能是：{'、'.join(known)}"
            )


def _applicant_errors(person: dict[str, Any], where: str) -> Iterator[FieldError]:
    """An unknown column is an error, never silently 其他 (law.md §6.7)."""
    yield from _unknown(person, APPLICANT_FIELDS, where)
    for key in ("name", "category", "description"):
        if not isinstance(person.get(key) or "", str):
            yield FieldError(f"{where}.{key}", "请填写文字")
    category, columns = person.get("category"), load_law().formats.applicant_columns()
    if isinstance(category, str) and category and category not in columns:
        yield FieldError(
            f"{where}.category",
            f"“{category[:40]}”不是年报表三的列，只能是：{'、'.join(columns)}；不确定的不填，改填 description",
        )


def _secret_marks(case: dict[str, Any], where: str) -> Iterator[FieldError]:
    """A classified document must not come in, in a docket either (保密法31(3))."""
    told: list[tuple[str, Any]] = [
        ("request", case.get("request")),
        ("joint_letter", case.get("joint_letter")),
    ]
    for key in ("items", "applicants"):
        listed = case.get(key)
        for number, entry in enumerate(listed if isinstance(listed, list) else []):
            parts = entry.items() if isinstance(entry, dict) else [("", entry)]
            told += [(f"{key}.{number}.{name}".rstrip("."), text) for name, text in parts]
    for field, text in told:
        if isinstance(text, str) and bears_secret_mark(text):
            yield FieldError(
                f"{where}.{field}", "内容带有密级标志。本系统不处理国家秘密，请删去涉密内容"
            )


def applicant_of(person: dict[str, Any]) -> Applicant:
    """The applicant of a docket: a citizen, unless column or description says an organisation."""
    category, description = person.get("category") or None, person.get("description")
    law = load_law()
    column = column_of(law, law.defaults(), category, description, citizen=True)
    citizen = column == "natural_person"
    name = str(person.get("name") or "")
    with suppress(ValueError):
        name = plain_name(name)
    return Applicant(name or "申请人", category, description, citizen)


def day_of(entry: dict[str, Any], before: date) -> date:
    try:
        return parse_day(entry.get("on"))
    except ValueError:
        return before


def first_day(case: dict[str, Any]) -> date:
    for entry in case.get("events") or []:
        try:
            return parse_day(entry.get("on"))
        except ValueError:
            continue
    return date(2000, 1, 1)


def highest_item(case: dict[str, Any]) -> int:
    numbers = [
        item.get("item")
        for entry in case.get("events") or []
        for item in (entry.get("items") or [] if isinstance(entry.get("items"), list) else [])
        if isinstance(item, dict)
    ]
    return max((n for n in numbers if isinstance(n, int) and 0 < n <= 999), default=0)


def header_of(
    data: dict[str, Any], body: tuple[str, str, str], number: str, redo_of: str | None = None
) -> Header:
    """What a case of the docket is besides its events. body: code, name and level; redo_of: the number of
    the case whose reply it makes anew."""
    code, name, level = body
    items = tuple(data.get("items") or ())
    if not items:
        items = tuple(f"第 {n} 项信息" for n in range(1, highest_item(data) + 1))
    request = data.get("request") or ("；".join(data.get("items") or ()) or "申请公开的信息")
    return Header(
        number=number,
        agency=code,
        kind=data.get("kind") or "application",
        applicants=tuple(applicant_of(person) for person in data.get("applicants") or [{}]),
        request=request,
        items=items or (request,),
        joint_letter=data.get("joint_letter"),
        redo_of=redo_of,
        body_name=name,
        body_level=level,
    )
