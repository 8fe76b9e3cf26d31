"""Who is needed so that a case can end: one person may hold much, but drafts neither review nor signature."""

import pytest

from config.law import Law
from workflow.rules.staffing import (
    administering,
    mind,
    needed,
    never_together,
    staff_roles,
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


def test_who_administers_handles_no_cases(law: Law) -> None:
    (admin,) = administering(law)
    for role in staff_roles(law):
        assert (never_together(law, {admin, role}) is None) == (role == admin)
    assert never_together(law, set(staff_roles(law)) - {admin}) is None


def test_what_somebody_must_leave_to_others_is_said(law: Law) -> None:
    assert mind(law, {"clerk", "archivist"}) == ()
    assert len(mind(law, {"handler", "secrecy_reviewer", LEAD})) == 2
    assert mind(law, {"secrecy_reviewer", LEAD}) == ()
