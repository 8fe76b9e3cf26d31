"""What the checks of a report ask of a body's own cases (V19, V20, V27 to V30, V33), by a few queries."""

from collections.abc import Iterator
from datetime import date

from workflow.case.case import Case
from workflow.case.dispute_alarms import searches_after_the_copy, sued_past_review
from workflow.report.checks import CaseFact
from workflow.report.records import EVENTS, record_of
from workflow.report.tables.kept import DISPUTE, RECORD
from workflow.rules.remedy import COURT, ONLINE, ORGAN
from workflow.service.cases.finding import folded
from workflow.service.office import Office
from workflow.service.rules.settings import settings_of_year
from workflow.store import kept as kept_queries
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit


def case_facts(office: Office, unit: Unit, body: AgencyRow, year: int) -> tuple[CaseFact, ...]:
    """The cases of the year that a check can find something in."""
    return tuple(_case_facts(office, unit, body, year))


def _case_facts(office: Office, unit: Unit, body: AgencyRow, year: int) -> Iterator[CaseFact]:
    looked_at = kept_queries.words_with(unit, body.id, year, "look")
    lacking = [
        kept.word
        for kept in looked_at
        if RECORD in kept.marks.look and kept.case.closed_on and kept.case.closed_on.year == year
    ]
    if lacking:
        cases = kept_queries.in_words(body.id, lacking)
        for case in report_queries.recorded_of(unit, cases, EVENTS):
            yield record_of(case.number, case.row, case.closed_on, case.lines)
    running = tuple(name for name, state in office.law.states.items() if state.stage == "running")
    for number in kept_queries.overdue_at_the_end(unit, body.id, year, running, office.today()):
        yield CaseFact(number, overdue=True)
    disputed = [kept.word for kept in looked_at if DISPUTE in kept.marks.look]
    for row in kept_queries.disputed(unit, body.id, disputed) if disputed else ():
        yield from _disputed(folded(office, unit, row), year)


def _disputed(case: Case, year: int) -> Iterator[CaseFact]:
    """What the alarms of a case say of the disputes of the year (V19, V33)."""
    there = [
        p for p in case.facts.proceedings.values()
        if p.filed_on.year <= year and (p.concluded_on is None or p.concluded_on.year >= year)
    ]  # fmt: skip
    sued = [one for one in sued_past_review(case) if one in there]
    served_on = case.deadlines.service_effective_date
    over_reply = [one for one in sued if served_on is not None and served_on <= one.filed_on]
    fact = CaseFact(
        case.header.number,
        served_on=served_on,
        review_first=bool(over_reply),
        sued_directly=bool(over_reply),
        sued_over_silence=len(sued) > len(over_reply),
        evidence_after_copy=any(on.year == year for on in searches_after_the_copy(case).values()),
        copy_unknown=any(one.provisional for one in there),
    )
    if sued or fact.evidence_after_copy or fact.copy_unknown:
        yield fact


def letter_gaps(
    office: Office, unit: Unit, body: AgencyRow, year: int
) -> tuple[tuple[str, str, int], ...]:
    """What the letters of the year left open, as the settings stand, with the first number and how many
    replies there were (V29): organ and court in each, the address of review in those that were served on the
    net."""
    texts = settings_of_year(office, unit, body, year)
    found = []
    for name in (ORGAN, COURT, ONLINE):
        if not texts[name]:
            first, number = kept_queries.served_in_year(unit, body.id, year, online=name == ONLINE)
            if number:
                found.append((office.law.settings[name].label, first, number))
    return tuple(found)


def calendar_notes(office: Office, unit: Unit, body: AgencyRow, year: int) -> tuple[str, ...]:
    """What is provisional or changed about the days of the year, in words (V30)."""
    found = []
    if office.rules(unit, body, date(year, 12, 31)).calendar.is_provisional(date(year, 12, 31)):
        found.append(f"{year} 年放假安排还没有载入，期限按周末和法定节日暂算")
    moved = report_queries.moved_by_calendar(unit, body.id, year)
    if moved:
        found.append(f"放假安排变动过，{moved} 件申请的期限已经重新计算")
    return tuple(found)
