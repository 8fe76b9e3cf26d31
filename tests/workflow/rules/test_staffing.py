"""Who is needed so that a case can end: one person may hold much, but drafts neither review nor signature."""

import pytest

from config.law import Law
from workflow.rules.staffing import (
    administering,
    managing,
    mind,
    needed,
    never_together,
    staff_roles,
    watching,
)

LEAD = "leader"


def missing(law: Law, **people: tuple[str, ...]) -> list[str]:
    return [one.what for one in needed(law, people) if not one.there]


@pytest.mark.parametrize(
    ("people", "left"),
    [
        ({}, ["register", "draft", "review", "check", "sign"]),
        ({"a": ("clerk",)}, ["review", "check", "sign"]),
        ({"a": ("clerk", "secrecy_reviewer", "legal_reviewer", LEAD)}, ["review", "sign"]),
        ({"a": ("clerk", "legal_reviewer"), "b": ("secrecy_reviewer", LEAD)}, []),
        # Whoever of the two drafts, something of the draft is left to the drafter.
        ({"a": ("clerk", LEAD, "legal_reviewer"), "b": ("handler", "secrecy_reviewer")}, ["sign"]),
        (
            {"a": ("clerk", LEAD, "legal_reviewer"), "b": ("handler", "secrecy_reviewer"),
             "c": (LEAD,)},
            [],
        ),
        ({"a": ("secrecy_reviewer", "legal_reviewer", LEAD)}, ["register", "draft"]),
    ],
)  # fmt: skip
def test_what_is_missing_for_a_case_to_end(
    law: Law, people: dict[str, tuple[str, ...]], left: list[str]
) -> None:
    assert missing(law, **people) == left


def test_each_of_the_three_administrators_holds_that_role_alone(law: Law) -> None:
    for one in administering(law):
        for role in staff_roles(law):
            assert (never_together(law, {one, role}) is None) == (role == one)
    assert never_together(law, set(staff_roles(law)) - administering(law)) is None
    assert "不能同时办理申请" in str(never_together(law, {"audit_admin", "clerk"}))
    assert "互相监督" in str(never_together(law, {"audit_admin", "security_admin"}))


def test_one_of_them_sets_up_and_two_watch(law: Law) -> None:
    assert len(administering(law)) == 3 and len(managing(law)) == 1
    assert watching(law) == administering(law) - managing(law)


def test_what_somebody_must_leave_to_others_is_said(law: Law) -> None:
    assert mind(law, {"clerk", "archivist"}) == ()
    assert len(mind(law, {"handler", "secrecy_reviewer", LEAD})) == 2
    assert mind(law, {"secrecy_reviewer", LEAD}) == ()


def test_a_role_of_before_has_the_label_of_today(law: Law) -> None:
    assert law.words.role("admin") == law.words.role("system_admin") == "系统管理员"
    assert law.words.role_now("clerk") == "clerk"
    with pytest.raises(KeyError):
        law.words.role("king")
