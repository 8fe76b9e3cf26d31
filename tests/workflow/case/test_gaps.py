"""Paper is never refused: what it lacks is kept as gaps (条例29, 30; law.md §3.2, §3.3)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from workflow.case.application import NOT_SAID, ApplicationForm, OfflineForm, read_form
from workflow.case.gaps import gaps_of
from workflow.refusal import BadInput

TODAY = date(2024, 5, 6)
ZHANG: dict[str, Any] = {
    "kind": "citizen", "name": "张三", "id_type": "resident_id", "id_number": "11010519491231002X",
    "phone": "13800000000",
}  # fmt: skip
HOW: dict[str, Any] = {"delivery": ["pickup"], "medium": ["paper"]}


def paper(person: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"request": "养护合同", "channel": "in_person", "on": "2024-05-06"}
    return {"agency": "panlong", "applicant": person, **said, **more}


def read(person: dict[str, Any], **more: Any) -> OfflineForm:
    return read_form(paper(person, **more), OfflineForm, today=TODAY)


def gaps(person: dict[str, Any], **more: Any) -> list[str]:
    return list(gaps_of(read(person, **more), TODAY))


def refused(person: dict[str, Any], **more: Any) -> dict[str, str]:
    with pytest.raises(BadInput) as caught:
        read(person, **more)
    return {error.field: error.message for error in caught.value.errors}


def test_a_complete_letter_has_no_gap() -> None:
    assert gaps(ZHANG, **HOW) == []


def test_a_name_and_what_is_wanted_are_enough() -> None:
    assert gaps({"name": "张三"}) == ["identity", "contact", "delivery", "medium"]


@pytest.mark.parametrize(
    ("person", "more", "lacking"),
    [
        ({**ZHANG, "id_number": None}, HOW, ["identity"]),
        ({**ZHANG, "id_number": " ", "id_type": None}, HOW, ["identity"]),
        ({**ZHANG, "phone": None}, HOW, ["contact"]),
        ({**ZHANG, "phone": "", "address": "盘龙村 3 号"}, HOW, ["phone"]),
        ({**ZHANG, "phone": None, "email": "a@example.com"}, HOW, ["phone"]),
        (ZHANG, {"medium": ["paper"]}, ["delivery"]),
        (ZHANG, {"delivery": ["pickup"], "medium": None}, ["medium"]),
        (ZHANG, {**HOW, "delivery": ["mail"]}, ["address"]),
        (ZHANG, {**HOW, "delivery": ["email"]}, ["email"]),
        (ZHANG, {**HOW, "unclear": True}, ["content"]),
        ({**ZHANG, "name": None, "description": "一位老人"}, HOW, ["name"]),
        ({**ZHANG, "kind": None}, HOW, []),
        (ZHANG, {**HOW, "agent": {"name": "李四"}}, ["agent_identity"]),
        (ZHANG, {**HOW, "agent": {"name": "李四", "id_type": "passport", "id_number": "E1"}}, []),
        ({"kind": "organisation", "name": "第三村民小组", "phone": "13800000000"}, HOW, ["identity", "contact_person"]),
        ({"kind": "organisation", "name": "第三村民小组", "phone": "13800000000", "proof": "村委会证明", "contact": "李四"}, HOW, []),
        ({"kind": "organisation", "name": "某公司", "phone": "13800000000", "credit_code": "91110000600037341L", "contact": "李四"}, HOW, []),
    ],
)  # fmt: skip
def test_each_gap_is_kept(person: dict[str, Any], more: dict[str, Any], lacking: list[str]) -> None:
    assert gaps(person, **more) == lacking


def test_somebody_must_be_described_and_something_asked() -> None:
    """contracts/application.md: a name or a description, and what was asked."""
    assert list(refused({})) == ["applicant.name"]
    assert "一位来访者" in refused({"kind": "citizen", "phone": "13800000000"})["applicant.name"]
    assert list(refused({"name": "张三"}, request=None)) == ["request"]
    assert read({"description": "一位来访者"}).applicant.citizen


def test_a_paper_without_a_clear_text_gets_a_neutral_line() -> None:
    form = read({"name": "张三"}, request=None, unclear=True)
    assert form.wanted() == (NOT_SAID,) and form.title() == NOT_SAID
    assert "content" in gaps_of(form, TODAY)
    assert read({"name": "张三"}, request="要材料", unclear=True).title() == "要材料"


@pytest.mark.parametrize(
    ("field", "value", "gap"),
    [
        ("id_number", "110105194912310021", "identity_wrong"),
        ("id_number", "110105", "identity_wrong"),
        ("phone", "1380000", "phone_wrong"),
        ("email", "zhang@", "email"),
    ],
)
def test_what_cannot_be_right_is_asked_back_once_and_then_kept_as_written(
    field: str, value: str, gap: str
) -> None:
    """A slip of the clerk's is found; what the paper says is not refused."""
    person = {**ZHANG, field: value}
    assert list(refused(person, **HOW)) == [f"applicant.{field}"]
    form = read(person, **HOW, as_written=True)
    assert getattr(form.applicant, field) == value
    assert list(gaps_of(form, TODAY)) == [gap]


@pytest.mark.parametrize(
    ("name", "citizen"),
    [("张三", True), ("李园", True), ("某某建材有限公司", False), ("第三村民小组", False), ("阿依古丽·买买提", True)],
)  # fmt: skip
def test_who_did_not_say_is_taken_for_what_the_name_says(name: str, citizen: bool) -> None:
    assert read({"name": name}).applicant.citizen is citizen


@pytest.mark.parametrize("kind", ["publication_suggestion", "enquiry"])
def test_a_suggestion_and_an_enquiry_lack_nothing(kind: str) -> None:
    assert gaps({"name": "张三"}, kind=kind) == []


def test_on_the_net_everything_is_asked() -> None:
    """practice.md §1.1: the rules of the portal stay."""
    with pytest.raises(BadInput) as caught:
        read_form(
            {"agency": "panlong", "applicant": {"kind": "citizen", "name": "张三"}}, today=TODAY
        )
    assert {error.field for error in caught.value.errors} == {
        "applicant.phone", "applicant.id_type", "applicant.id_number", "delivery", "medium", "request",
    }  # fmt: skip
    for field in ("unclear", "as_written", "channel"):
        data = {"agency": "panlong", "applicant": ZHANG, "request": "合同", **HOW, field: True}
        with pytest.raises(BadInput):
            read_form(data, ApplicationForm, today=TODAY)


@given(
    st.sets(st.sampled_from(["id_type", "id_number", "phone", "kind", "address", "email"])),
    st.sets(st.sampled_from(["delivery", "medium", "agent", "request"])),
)
def test_whatever_is_missing_paper_is_registered(missing: set[str], more: set[str]) -> None:
    """law.md §3.2: and every gap has its ground of 补正."""
    whole = {**ZHANG, "address": "盘龙村 3 号", "email": "a@example.com"}
    rest = {**HOW, "agent": None, "request": "合同", "unclear": "request" in more}
    person = {key: value for key, value in whole.items() if key not in missing}
    form = read(
        person, **{key: value for key, value in rest.items() if key not in more - {"request"}}
    )
    table = load_law().applicants.gaps
    found = gaps_of(form, TODAY)
    assert {table[name].ground for name in found} <= set(load_law().words.correction_grounds)
    assert ("identity" in found) == ("id_number" in missing)
    assert bool({"phone", "contact"} & set(found)) == ("phone" in missing)
    assert [name for name in ("delivery", "medium") if name in more] == [
        name for name in found if name in ("delivery", "medium")
    ]
