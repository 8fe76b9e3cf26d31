"""The life of a report: from which state, for whom, and under which condition each step is possible."""

from dataclasses import replace
from datetime import date

import pytest

from config.law import load_law, year_rules
from workflow.report.procedure.steps import Asked, refusal_of

RULES = year_rules()
LABELS = load_law().words.roles
ALL = frozenset(role for step in RULES.steps.values() for role in step.by)


def asked(step: str, **more: object) -> Asked:
    """Asked by somebody who may take the step, in a state and on a day in which it is possible."""
    whole = Asked(RULES.steps[step].sources[0], 2024, date(2025, 1, 2), ALL, "lifang", "wang")
    return replace(whole, **more)


def refused(step: str, **more: object) -> tuple[str, str, str] | None:
    """Rule, reason and way out; None where the step is possible."""
    found = refusal_of(RULES.steps[step], asked(step, **more), LABELS)
    return (found.rule, found.message, found.allowed_when) if found else None


@pytest.mark.parametrize("step", RULES.steps)
@pytest.mark.parametrize("state", [None, *RULES.states])
def test_a_step_is_possible_from_its_states_and_from_no_other(step, state):
    # A report that was signed goes to the body above first, where there is one.
    found = refused(step, state=state, has_parent=step == "submit")
    if state in RULES.steps[step].sources:
        assert found is None
    else:
        assert found is not None and found[0] == "not_in_this_state"
        assert all(RULES.states[name].label in found[2] for name in RULES.steps[step].sources)


@pytest.mark.parametrize("step", RULES.steps)
def test_a_step_is_for_those_who_hold_its_role(step):
    by, has_parent = RULES.steps[step].by, step == "submit"
    for role in ALL:
        found = refused(step, held=frozenset({role}), has_parent=has_parent)
        assert (found is None) == (role in by), role
    found = refused(step, held=frozenset(), has_parent=has_parent)
    assert found is not None
    assert ("主管部门的" in " ".join(found)) == (RULES.steps[step].where == "parent")


def test_a_report_is_checked_once_its_year_has_ended():
    wanted = ("too_early", "2024 年还没有结束", "2025 年 1 月 1 日起")
    assert refused("check", today=date(2024, 12, 31)) == wanted
    assert refused("check", today=date(2023, 6, 1)) == wanted
    assert refused("check", today=date(2025, 1, 1)) is None
    assert refused("sign", today=date(2024, 12, 31)) is None


@pytest.mark.parametrize(
    ("step", "way_out"), [("check", "改正之后"), ("sign", "退回修改并改正之后")]
)
def test_what_the_checks_found_stops_check_and_signature(step, way_out):
    errors = ("表三不平。", "表四不平。")
    assert refused(step, errors=errors) == (
        "missing_evidence",
        "核对有 2 处错误。表三不平。",
        way_out,
    )


@pytest.mark.parametrize("step", sorted(set(RULES.steps) - {"check", "sign"}))
def test_what_the_checks_found_stops_no_other_step(step):
    assert refused(step, errors=("表三不平。",), has_parent=step == "submit") is None


def test_who_checked_does_not_sign():
    assert refused("sign", checked_by="lifang") == (
        "same_person",
        "您核对过这份报告，不能自己签批",
        "由另一位负责人签批",
    )
    assert refused("sign", checked_by=None) is None
    assert refused("reopen", checked_by="lifang") is None


def test_with_a_body_above_a_report_is_published_once_that_has_accepted_it():
    assert refused("publish", state="signed") == (
        "too_early",
        "还没有经主管部门审核",
        "报送主管部门并审核通过之后",
    )
    assert refused("publish", state="accepted") is None
    assert refused("publish", state="signed", has_parent=False) is None


def test_without_a_body_above_nothing_is_submitted():
    assert refused("submit", has_parent=False) == (
        "setting_forbids",
        "本机关没有登记上级主管部门，不需要报送",
        "请直接公布",
    )
