"""`verify`: what lies beside the log is held to what it must follow from: who asks, the beginning of the
case, due days that moved."""

import pytest
from sqlalchemy import text

from tests.tampering import tampering
from tests.workflow.service.town import Town
from workflow.service.cases.verify import verify
from workflow.service.installation import IDENTITIES
from workflow.service.rules.calendar import BodyDays

TAMPERING = pytest.mark.tampering(reason="the store is broken on purpose, to be found out")


@pytest.fixture
def town(tmp_path):
    """A town with two applications, the due day of the first of which has moved there and back."""
    town = Town(tmp_path, "2024-03-04")
    with town.office.store.write() as unit:
        unit.set_stamp(IDENTITIES, "normal")
    town.file()
    town.is_("2024-03-05")
    days = BodyDays(town.office)
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "2024-03-29", "州庆")
    town.is_("2024-03-06")
    days.enter(town.staff("chen"), "panlong", "remove", "2024-03-28", "2024-03-29", "撤销")
    town.file()
    return town


def looked_at(town: Town, sql: str, marked: bool) -> list[str]:
    """What is found of the first case after the store was changed. marked: it was found in order before."""
    assert not marked or verify(town.office) == []
    with tampering(town.office.store) as connection:
        assert connection.execute(text(sql)).rowcount > 0
    found = verify(town.office)
    assert {one.number for one in found} <= {"2024-0001"}
    return [one.message for one in found]


FIRST = '(SELECT min(id) FROM "case")'
SECOND = '(SELECT max(id) FROM "case")'
OF_FIRST = f"case_id = {FIRST}"
LAST_MOVE = f"id = (SELECT max(id) FROM due_change WHERE {OF_FIRST})"
FIRST_MOVE = f"id = (SELECT min(id) FROM due_change WHERE {OF_FIRST})"
CASES = {
    "sealed of another": (
        f"UPDATE applicant SET sealed = (SELECT sealed FROM applicant WHERE case_id = {SECOND})"
        f" WHERE {OF_FIRST}", "无法解开",
    ),
    "sealed cut off": (f"UPDATE applicant SET sealed = substr(sealed, 1, 5) WHERE {OF_FIRST}", "无法解开"),
    "identity of nobody": (
        f"UPDATE applicant SET identity = replace(identity, substr(identity, 1, 1), 'x') WHERE {OF_FIRST}",
        "身份证明的校验值",
    ),
    "no identity": (f"UPDATE applicant SET identity = NULL WHERE {OF_FIRST}", "身份证明的校验值"),
    "medium": (f"UPDATE \"case\" SET medium = '[\"gold\"]' WHERE id = {FIRST}", "载体"),
    "submitted later": (
        f"UPDATE \"case\" SET submitted_at = '2030-01-01 01:00:00.000000' WHERE id = {FIRST}", "提交时间",
    ),
    "submitted before": (
        f"UPDATE \"case\" SET submitted_at = '2020-01-01 01:00:00.000000' WHERE id = {FIRST}", "提交时间",
    ),
    "empty key": (f"UPDATE event SET once = ' ' WHERE {OF_FIRST} AND seq = 1", "防止重复"),
    "new day of the last move": (
        f"UPDATE due_change SET new_reply_due = '2024-05-01' WHERE {LAST_MOVE}", "与案卷的期限不符",
    ),
    "kind of the last move": (f"UPDATE due_change SET kind = 'fee' WHERE {LAST_MOVE}", "与案卷的期限不符"),
    "new day of the first move": (
        f"UPDATE due_change SET new_next_due = '2024-05-01' WHERE {FIRST_MOVE}", "不衔接",
    ),
    "old day of the last move": (
        f"UPDATE due_change SET old_reply_due = '2024-05-01' WHERE {LAST_MOVE}", "不衔接",
    ),
    "cause": (f"UPDATE due_change SET cause = 'whim' WHERE {LAST_MOVE}", "原因"),
    "moment before the case": (
        f"UPDATE due_change SET recorded_at = '2020-01-01 01:00:00.000000' WHERE {FIRST_MOVE}", "早于案卷",
    ),
    "moments swapped": (
        f"UPDATE due_change SET recorded_at = '2024-03-30 01:00:00.000000' WHERE {FIRST_MOVE}", "先后",
    ),
    "last move gone": (f"DELETE FROM due_change WHERE {LAST_MOVE}", "与案卷的期限不符"),
}  # fmt: skip


@TAMPERING
@pytest.mark.parametrize("marked", [True, False], ids=["found in order before", "never looked at"])
@pytest.mark.parametrize("what", CASES)
def test_what_does_not_follow_is_found(town: Town, what: str, marked: bool) -> None:
    sql, said = CASES[what]
    assert any(said in one for one in looked_at(town, sql, marked))


def test_a_case_in_order_is_in_order(town: Town) -> None:
    assert verify(town.office) == []


@TAMPERING
def test_without_the_keys_nothing_sealed_is_held_to_anything(town: Town) -> None:
    with tampering(town.office.store) as connection:
        connection.execute(text(CASES["sealed cut off"][0]))
    assert verify(town.office, codes=False) == []


@TAMPERING
def test_numbers_of_an_older_store_wait_for_their_normal_form(town: Town) -> None:
    with tampering(town.office.store) as connection:
        connection.execute(text(CASES["identity of nobody"][0]))
        connection.execute(text(f"DELETE FROM stamp WHERE name = '{IDENTITIES}'"))
    assert not any("身份证明" in one.message for one in verify(town.office))
