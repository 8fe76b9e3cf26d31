"""Every dated row of the law's tables, moved to another day: what depends on it follows.

The rows are found in the tables, so that a new dated row is moved as well.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from config.law import Law, load_law
from config.law.tables import Versioned
from tests.workflow.case.walk import ASSIGNED, TODAY, Walk
from tests.workflow.report.checks.reports import report
from tests.workflow.rules.test_linter import OLD
from workflow import events as ev
from workflow.case.facts import Actor
from workflow.case.machine import CaseMachine
from workflow.dates import in_words
from workflow.report.checks import CaseFact, Known
from workflow.report.checks.registry import findings
from workflow.rules.calendar import national
from workflow.rules.fees import fee_by_item, fee_by_page
from workflow.rules.linter import lint
from workflow.rules.remedy import remedy_text, silence_kind
from workflow.rules.rulebook import Rulebook

LAW = load_law()
LATER = timedelta(days=366)
REMEDIES = [
    (code, place)
    for code, outcome in LAW.outcomes.items()
    for place in range(1, len(outcome.remedy.versions))
]
PERIODS = [
    (name, place) for name, period in LAW.periods.items() for place in range(len(period.values.versions))
]  # fmt: skip
BODY = {"review_organ": "砚山县人民政府", "court": "砚山县人民法院"}


def moved(versions: Versioned, place: int) -> Versioned:
    """The same values, one of them from a later day on."""
    entries = list(versions.versions)
    entries[place] = (entries[place][0] + LATER, entries[place][1])
    return Versioned(tuple(entries))


def rules(law: Law, **settings: str) -> Rulebook:
    return Rulebook(law, {**law.defaults(), **BODY, **settings}, national())


def settings_of(versions: Versioned, place: int) -> dict[str, str]:
    """Settings that let the row of that place make a difference: what the law decided after the setting."""
    before = versions.versions[place - 1][1]
    return {before: "either"} if before.endswith("_remedy") else {}


def with_remedy(code: str, place: int) -> Law:
    outcome = LAW.outcomes[code]
    changed = replace(outcome, remedy=moved(outcome.remedy, place))
    return replace(LAW, outcomes={**LAW.outcomes, code: changed})


@pytest.mark.parametrize(("code", "place"), REMEDIES)
def test_remedy_of_a_reply_follows_its_row(code: str, place: int) -> None:
    first = LAW.outcomes[code].remedy.versions[place][0]
    law, chosen = with_remedy(code, place), settings_of(LAW.outcomes[code].remedy, place)
    now, then = rules(LAW, **chosen), rules(law, **chosen)
    before, after = first - timedelta(days=1), first + LATER
    for day in (first, after - timedelta(days=1)):
        assert remedy_text(code, day, then) == remedy_text(code, before, now)
    assert remedy_text(code, first, now) != remedy_text(code, before, now)
    assert remedy_text(code, after, then).kind == remedy_text(code, after, now).kind


@pytest.mark.parametrize("place", [1, 2])
def test_remedy_against_silence_follows_its_row(place: int) -> None:
    """行政复议法23(1)(3); 行政复议法实施条例（2026）30."""
    way = LAW.remedies["silence"]
    first, chosen = way.values.versions[place][0], settings_of(way.values, place)
    changed = replace(way, values=moved(way.values, place))
    law = replace(LAW, remedies={**LAW.remedies, "silence": changed})
    last_day = first - timedelta(days=1)  # silence begins on the day after
    assert silence_kind(last_day, rules(LAW, **chosen)) == "review_first"
    assert silence_kind(last_day - timedelta(days=1), rules(LAW, **chosen)) == "either"
    assert silence_kind(last_day, rules(law, **chosen)) == "either"
    assert silence_kind(last_day + LATER, rules(law, **chosen)) == "review_first"


def findings_of(rule: str, law: Law, year: int, known: Known) -> list[str]:
    return [one.message for one in findings(report(year=year), law, known, {rule})]


def test_review_first_of_checks_follows_when_all_rows_move() -> None:
    law = LAW
    for code, place in REMEDIES:
        changed = replace(law.outcomes[code], remedy=moved(law.outcomes[code].remedy, place))
        law = replace(law, outcomes={**law.outcomes, code: changed})
    first, later = LAW.review_first_from, law.review_first_from
    assert later == first + LATER

    def told(law: Law, served_on: date) -> list[str]:
        fact = CaseFact("1", review_first=True, served_on=served_on, sued_directly=True)
        return findings_of("V19", law, 2024, Known(cases=(fact,)))

    assert told(LAW, first) and not told(law, first) and told(law, later)


@pytest.mark.parametrize(("name", "place"), PERIODS)
def test_number_follows_its_row(name: str, place: int) -> None:
    """A further number holds from its day on, and not a day before."""
    period = LAW.periods[name]
    day = period.values.versions[place][0] + LATER
    entries = (*period.values.versions[: place + 1], (day, period.at(day) + 1))
    law = replace(LAW, periods={**LAW.periods, name: replace(period, values=Versioned(entries))})
    before = day - timedelta(days=1)
    assert rules(law).period(name, before) == period.at(before)
    assert rules(law).period(name, day) == period.at(day) + 1
    assert law.filled(f"{{{name}}}", day) == str(period.at(day) + 1)


def test_old_regulations_end_where_the_period_of_reply_begins() -> None:
    reply = LAW.periods["reply"]
    law = replace(
        LAW, periods={**LAW.periods, "reply": replace(reply, values=moved(reply.values, 0))}
    )
    day = reply.first_day
    settings = {**LAW.defaults(), "pre_20190515_period_days": 15}
    assert Rulebook(LAW, settings, national()).reply_workdays(day) == 20
    assert Rulebook(law, settings, national()).reply_workdays(day) == 15


def test_fees_begin_with_their_first_ladder() -> None:
    later = {
        mode: tuple(replace(one, holds_from=one.holds_from + LATER) for one in ladders)
        for mode, ladders in LAW.fees.items()
    }
    law, known = replace(LAW, fees=later), Known(fees_yuan=Decimal(100))
    assert law.fees_from == LAW.fees_from + LATER
    year = LAW.fees_from.year
    assert not findings_of("V14", LAW, year, known)
    (message,) = findings_of("V14", law, year, known)
    assert f"自 {law.fees_from.year} 年起" in message


@pytest.mark.parametrize("mode", list(LAW.fees))
def test_a_further_tariff_holds_from_its_day(mode: str) -> None:
    """Every tariff that the table has, and one more: a notice is charged by the tariff of its day."""
    last = LAW.fees[mode][-1]
    day = last.holds_from + LATER
    dearer = replace(last, holds_from=day, steps=((1, 7),), then=None)
    law = replace(LAW, fees={**LAW.fees, mode: (*LAW.fees[mode], dearer)})

    def yuan(on: date) -> Decimal:
        return (fee_by_page(40, law, on) if mode == "by_page" else fee_by_item(0, 40, law, on)).yuan

    assert yuan(day) == 40 * 7
    before = fee_by_page(40, LAW, day) if mode == "by_page" else fee_by_item(0, 40, LAW, day)
    assert yuan(day - timedelta(days=1)) == before.yuan != 40 * 7


@pytest.mark.parametrize("event", list(LAW.transitions))
def test_an_event_is_possible_from_the_day_of_its_row(event: str) -> None:
    """Its row moved behind the day on which it is asked for, the event is refused with that day."""
    row = LAW.transitions[event]
    later = replace(row, guards=(), holds_from=TODAY + LATER)
    law = replace(LAW, transitions={**LAW.transitions, event: later})
    actor = Actor("somebody", frozenset(row.by))
    blank = {
        name: None for name, info in ev.MODELS[event].model_fields.items() if info.is_required()
    }
    asked = ev.MODELS[event].model_construct(**{**blank, "on": TODAY})
    case = Walk().case
    case.state = row.sources[0]
    found = CaseMachine(law).refusal(case, event, asked, actor, TODAY)
    assert found is not None and found.rule == "too_early"
    assert in_words(later.holds_from) in found.message


@pytest.mark.parametrize("name", list(LAW.outdated))
def test_an_old_phrase_is_told_from_the_day_of_its_row(name: str) -> None:
    rule = LAW.outdated[name]
    first = rule.holds_from + LATER
    law = replace(LAW, outdated={name: replace(rule, holds_from=first)})
    for text in OLD[name]:
        assert lint(text, law, first)
        assert not lint(text, law, first - timedelta(days=1))


@pytest.mark.parametrize("code", [c for c, row in LAW.outcomes.items() if not row.set_by])
def test_an_outcome_is_chosen_from_the_day_of_its_row(code: str) -> None:
    later = replace(LAW.outcomes[code], holds_from=TODAY + LATER)
    walk = Walk().must(*ASSIGNED)
    law = replace(LAW, outcomes={**LAW.outcomes, code: later})
    walk.case.rules = replace(walk.case.rules, law=law)
    event = ev.parse("propose_outcome", {"on": TODAY, "outcome": code})
    actor = Actor("somebody", frozenset(LAW.transitions["propose_outcome"].by))
    found = CaseMachine(law).refusal(walk.case, "propose_outcome", event, actor, TODAY)
    assert found is not None and (found.rule, found.field) == ("too_early", "outcome")


def test_the_format_of_a_report_follows_its_years() -> None:
    for name, (first, last) in LAW.formats.years.items():
        assert LAW.formats.format_of(first) == name
        years = {**LAW.formats.years, name: (first + 1, last)}
        others = {
            key: (a, first if b == first - 1 else b) for key, (a, b) in years.items() if key != name
        }
        formats = replace(LAW.formats, years={**years, **others})
        if others and min(a for a, _ in others.values()) < first:
            assert formats.format_of(first) != name
        assert formats.format_of(first + 1) == name
