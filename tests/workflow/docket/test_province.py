"""A believable province: the same from the same seed, and alive at the rates of published reports
(practice.md §6)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.law import Law
from workflow.case.application import PaperApplicant
from workflow.case.identity import wrong_number
from workflow.docket.province import (
    Body,
    BodyPlan,
    Planned,
    PlannedCase,
    cases_of,
    played,
    rates,
    shares,
    tree,
    years_until,
)
from workflow.people import APPLICANT, SYSTEM
from workflow.rules.calendar import national

TODAY = date(2026, 11, 23)
YEARS = years_until(TODAY, 3)


def plan_of(body: Body, cases: int) -> BodyPlan:
    staff = {**body.actors(), APPLICANT.name: (APPLICANT,), SYSTEM.name: (SYSTEM,)}
    return BodyPlan(body, cases, staff)


def told(law: Law, body: Body, cases: int, seed: int) -> list[tuple[str, date, list[Planned]]]:
    plan, calendar = plan_of(body, cases), national()
    return [
        (one.number, one.opened_on, list(played(one, plan, YEARS, calendar, law)))
        for one in cases_of(plan, seed, YEARS, calendar, law)
    ]


# -- bodies -----------------------------------------------------------------------------------------


@given(st.integers(1, 700), st.integers(0, 50))
@settings(max_examples=25)
def test_a_tree_has_as_many_bodies_as_wanted_the_superior_ones_first(
    number: int, seed: int
) -> None:
    bodies = tree(number, seed, YEARS.first, YEARS.last)
    codes = [body.code for body in bodies]
    assert len(codes) == len(set(codes)) == number
    for place, body in enumerate(bodies):
        assert body.parent is None or body.parent in codes[:place]
        assert {role for one in body.staff for role in one.roles} >= {"clerk", "leader"}
    names = [member.name for body in bodies for member in body.staff]
    assert len(names) == len(set(names))
    ends = [body for body in bodies if body.until]
    assert all(body.successor in codes and YEARS.first < body.until < YEARS.last for body in ends)
    assert not {body.successor for body in ends} & {body.code for body in ends}


def test_a_province_has_every_level_and_a_few_bodies_that_end() -> None:
    bodies = tree(400, 1, YEARS.first, YEARS.last)
    levels = Counter(body.level for body in bodies)
    assert set(levels) == set(rates.A_YEAR)
    assert levels["township"] > levels["county"] > levels["city"] > levels["province"] == 1
    assert 1 <= sum(body.until is not None for body in bodies) <= 6
    assert 10 <= sum(body.charges for body in bodies) <= 80


def test_new_codes_keep_clear_of_those_that_are_there() -> None:
    assert tree(1, 1, YEARS.first, YEARS.last, ["jy01"])[0].code not in ("jy01", "jy")


@given(st.integers(1, 3000), st.integers(1, 200), st.integers(0, 9))
@settings(max_examples=25)
def test_every_body_has_its_share_and_the_shares_add_up(cases: int, number: int, seed: int) -> None:
    found = shares(tree(number, 1, YEARS.first, YEARS.last), cases, seed)
    assert sum(found) == cases
    assert min(found) >= 1 or cases < number


# -- cases ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def body() -> Body:
    return next(
        b for b in tree(40, 1, YEARS.first, YEARS.last) if b.level == "city_department" and not b.until
    )  # fmt: skip


def test_the_same_seed_tells_the_same_and_another_one_does_not(law: Law, body: Body) -> None:
    first, again, other = (told(law, body, 60, seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_numbers_follow_the_days_without_gaps(law: Law, body: Body) -> None:
    found = told(law, body, 200, 3)
    assert len(found) == 200
    assert [day for _, day, _ in found] == sorted(day for _, day, _ in found)
    for year in range(YEARS.first.year, YEARS.last.year + 1):
        of_year = [number for number, day, _ in found if day.year == year]
        assert of_year == [f"{year}-{n:04d}" for n in range(1, len(of_year) + 1)]


def test_nothing_is_typed_in_before_it_is_known_nor_after_the_last_day(
    law: Law, body: Body
) -> None:
    for _, _, events in told(law, body, 200, 4):
        moments = [one.recorded_at for one in events]
        assert moments == sorted(moments)
        for one in events:
            assert one.event.on <= one.recorded_at.date() <= YEARS.last


def test_applicants_are_as_the_form_would_have_kept_them(law: Law, body: Body) -> None:
    plan = plan_of(body, 200)
    for case in cases_of(plan, 5, YEARS, national(), law):
        for person in case.applicants:
            PaperApplicant.model_validate({**person.private, "name": person.applicant.name})
            for kind, field in (("resident_id", "id_number"), ("credit_code", "credit_code")):
                if field in person.private:
                    assert wrong_number(kind, person.private[field], TODAY) is None


# -- the rates --------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What became of 2,000 cases: shares of the answered ones by class, and counts of other things."""

    cases: list[PlannedCase]
    outcomes: Counter[str]
    events: Counter[str]
    channels: Counter[str]


@pytest.fixture(scope="module")
def seen() -> Seen:
    from config.law import load_law

    law = load_law()
    bodies = tree(12, 1, YEARS.first, YEARS.last)
    cases: list[PlannedCase] = []
    outcomes: Counter[str] = Counter()
    events: Counter[str] = Counter()
    for body, number in zip(bodies, shares(bodies, 2000, 1), strict=True):
        made = cases_of(plan_of(body, number), 1, YEARS, national(), law)
        cases += made
        for case in made:
            names = [step.event for step in case.course.steps]
            events.update(set(names))
            if case.course.answer:
                outcomes[law.outcomes[case.course.answer].cls] += 1
            elif {"lapse_correction", "lapse_fee", "withdraw"} & set(names):
                outcomes["other"] += 1
    return Seen(cases, outcomes, events, Counter(case.wish.channel for case in cases))


@pytest.mark.parametrize(
    ("cls", "least", "most"),
    [
        ("disclose", 0.22, 0.45), ("partial", 0.07, 0.26), ("refuse", 0.03, 0.18), ("unable", 0.16, 0.49),
        ("not_processed", 0.0, 0.12), ("other", 0.01, 0.22),
    ],
)  # fmt: skip
def test_the_mix_of_answers_is_that_of_published_reports(
    seen: Seen, cls: str, least: float, most: float
) -> None:
    share = seen.outcomes[cls] / seen.outcomes.total()
    assert least <= share <= most, (cls, share)


def test_people_and_channels_are_those_of_published_reports(seen: Seen) -> None:
    number = len(seen.cases)
    persons = sum(case.applicants[0].applicant.citizen for case in seen.cases)
    net = sum(seen.channels[channel] for channel in ("portal", "email"))
    letters = seen.channels["ems"] + seen.channels["ordinary_mail"]
    assert 0.91 <= persons / number <= 1
    assert 0.517 <= net / number <= 0.869
    assert 0.115 <= letters / number <= 0.33
    assert seen.channels["in_person"] / number >= 0.016


def test_most_are_answered_well_within_the_period(seen: Seen) -> None:
    """By the backlogs of three places 12 to 16 calendar days; the tail are consultations and extensions."""
    taken = sorted(
        (case.course.served - case.opened_on).days
        for case in seen.cases
        if case.course.served and case.redo_of is None
    )
    assert 10 <= sum(taken) / len(taken) <= 20
    assert taken[len(taken) // 2] <= 16
    assert 0.02 <= sum(days > 30 for days in taken) / len(taken) <= 0.2


def test_disputes_are_as_frequent_and_as_often_lost(seen: Seen, law: Law) -> None:
    answered = sum(case.course.served is not None for case in seen.cases)
    assert 0.03 <= seen.events["file_review"] / answered <= 0.1
    assert 0.008 <= seen.events["file_suit"] / answered <= 0.025
    reviews = [
        law.results["review", step.fields["result"]].cell
        for case in seen.cases
        for step in case.course.steps
        if step.event == "conclude_review"
    ]
    assert 0.08 <= reviews.count("corrected") / len(reviews) <= 0.25


def test_everything_that_an_office_meets_happens(seen: Seen) -> None:
    for event in (
        "require_correction", "lapse_correction", "extend", "consult_third_party", "consult_other_agency",
        "record_opinion", "withdraw", "void", "reroute", "return_draft", "return_from_secrecy_review",
        "service_failed", "record_delivery", "archive", "conclude_suit", "order_redo", "ask_reasons",
    ):  # fmt: skip
        assert seen.events[event], event
    kinds = Counter(case.wish.kind for case in seen.cases)
    assert set(kinds) == {"application", *rates.OTHER_KINDS}


def test_texts_are_varied(seen: Seen) -> None:
    texts = Counter(case.wish.request for case in seen.cases if case.earlier is None)
    assert len(texts) > 0.8 * len(seen.cases)
