"""The register of parcels without pages: whose it is, what stays of an entry, and what each day has already cost."""

import pytest
from sqlalchemy import select

from workflow.refusal import BadInput, Denied
from workflow.service import Missing, parcels
from workflow.service.parcels import Parcels
from workflow.store.staff_models import AuditRow

LONG = pytest.mark.long(reason="tests/webui/desk/test_parcels.py has it in the short run")
EMS = {
    "way": "ems", "tracking": "EX123456789CN", "arrived_on": "2024-04-30", "signed_by": "门卫老张",
    "addressed_to": "乡政府", "sender": "张三", "postmarked_on": "2024-04-28",
}  # fmt: skip


@pytest.fixture
def book(office):
    return Parcels(office)


def fields(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [error.field for error in caught.value.errors]


def audit(office):
    with office.store.read() as unit:
        return [(one.actor, one.action, one.details) for one in unit.session.scalars(select(AuditRow)) if one.action.startswith("parcel")]  # fmt: skip


@LONG
def test_an_entry_says_what_was_typed_and_what_it_has_cost_already(book, person, office):
    clerk = person("clerk")
    made = book.add(clerk, "panlong", EMS, "form 1")
    assert book.add(clerk, "panlong", {**EMS, "sender": "x"}, "form 1") == made
    assert (made.year, made.entry, made.tracking, made.arrived_on.isoformat()) == (2024, 1, "EX123456789CN", "2024-04-30")  # fmt: skip
    assert (made.signed_by, made.addressed_to, made.sender) == ("门卫老张", "乡政府", "张三")
    assert made.postmarked_on.isoformat() == "2024-04-28" and made.handed_on is None
    assert (made.settled, made.case, made.words, made.actor) == (None, None, "", "clerk")
    assert (made.due.due.isoformat(), made.due.workdays, made.due.left) == ("2024-05-30", 1, 19)
    assert book.one(clerk, made.id) == made
    assert fields(book.add, clerk, "panlong", EMS) == ["tracking"]
    assert fields(book.add, clerk, "panlong", EMS, "form 2") == ["tracking"]


@LONG
def test_pages_and_years_of_the_register(book, person, monkeypatch):
    assert (parcels.PAGE, parcels.MOST_OPEN) == (100, 200)
    monkeypatch.setattr(parcels, "PAGE", 2)
    clerk = person("clerk")
    assert (book.book(clerk, "panlong").pages, book.book(clerk, "panlong", page=9).page) == (1, 1)
    for n in range(3):
        book.add(clerk, "panlong", {**EMS, "tracking": f"EX{n}", "arrived_on": f"2024-04-{28 + n}"})
    book.add(clerk, "panlong", {**EMS, "tracking": "OLD", "arrived_on": "2023-12-29", "postmarked_on": ""})  # fmt: skip
    found = book.book(clerk, "panlong")
    assert (found.count, found.page, found.pages, found.open, found.years) == (3, 1, 2, 4, (2024, 2023))  # fmt: skip
    assert [len(book.book(clerk, "panlong", page=n).entries) for n in (0, 1, 2, 3)] == [2, 2, 1, 1]
    assert len(book.book(clerk, "panlong", all_=True).entries) == 3
    assert [one.tracking for one in found.waiting] == ["OLD", "EX0", "EX1", "EX2"]
    old = book.book(clerk, "panlong", 2023)
    assert [(one.tracking, one.entry) for one in old.entries] == [("OLD", 1)]
    assert book.book(clerk, "panlong", 2019).years == (2024, 2023, 2019)


def test_the_register_is_of_its_body_and_of_who_keeps_it(book, person):
    made = book.add(person("clerk"), "panlong", EMS)
    stranger, reviewer = person("stranger"), person("secrecy")
    for call in (
        lambda: book.book(stranger, "panlong"),
        lambda: book.one(stranger, made.id),
        lambda: book.add(stranger, "panlong", {**EMS, "tracking": "x"}),
        lambda: book.change(stranger, made.id, EMS),
        lambda: book.unrelated(stranger, made.id, "广告"),
        lambda: book.reopen(stranger, made.id),
        lambda: book.one(person("clerk"), made.id + 1),
    ):
        with pytest.raises(Missing):
            call()
    for call in (lambda: book.book(reviewer, "panlong"), lambda: book.one(reviewer, made.id)):
        with pytest.raises(Denied):
            call()


@LONG
def test_what_is_changed_is_noted_but_for_the_first_handing_over(book, person, office):
    clerk = person("clerk")
    made = book.add(clerk, "panlong", EMS)
    book.change(clerk, made.id, EMS)
    handed = {**EMS, "handed_to": "李芳", "handed_on": "2024-05-06"}
    book.change(clerk, made.id, handed)
    assert audit(office) == []
    assert book.one(clerk, made.id).handed_to == "李芳"
    book.change(clerk, made.id, {**handed, "handed_to": "王五"})
    book.change(
        clerk, made.id, {**handed, "handed_to": "王五", "sender": "张三丰", "tracking": "EX9"}
    )
    assert audit(office) == [
        ("clerk", "parcel_changed", {"fields": ["handed_to"]}),
        ("clerk", "parcel_changed", {"fields": ["tracking", "sender"]}),
    ]
    assert fields(book.change, clerk, made.id, {**EMS, "arrived_on": "2023-12-29", "postmarked_on": ""}) == ["arrived_on"]  # fmt: skip
    other = book.add(clerk, "panlong", EMS)
    assert fields(book.change, clerk, other.id, {**EMS, "tracking": "EX9"}) == ["tracking"]
    assert book.one(clerk, made.id).entry == 1 and book.one(clerk, other.id).entry == 2


@LONG
def test_what_holds_no_application_is_put_aside_with_words_and_may_come_back(book, person, office):
    clerk = person("clerk")
    made = book.add(clerk, "panlong", EMS)
    for words in (" ", "字" * 201, "绝密★长期"):
        assert fields(book.unrelated, clerk, made.id, words) == ["words"]
    with pytest.raises(Missing):
        book.reopen(clerk, made.id)
    book.unrelated(clerk, made.id, " " + "字" * 200 + " ")
    aside = book.one(clerk, made.id)
    assert (aside.settled, aside.words, aside.settled_by, aside.due) == ("unrelated", "字" * 200, "clerk", None)  # fmt: skip
    assert aside.settled_at == office.now() and aside.sender == "张三"
    assert book.book(clerk, "panlong").open == 0 and book.book(clerk, "panlong").waiting == ()
    book.reopen(clerk, made.id)
    back = book.one(clerk, made.id)
    assert (back.settled, back.settled_at, back.settled_by, back.words) == (None, None, "", "")
    assert back.due is not None and book.book(clerk, "panlong").open == 1
    assert [action for _, action, _ in audit(office)] == ["parcel_unrelated", "parcel_reopened"]
