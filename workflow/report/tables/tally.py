"""The tally: from cases to tables 三 and 四 of one body and one year.

Every counted case is one entry with a day of receipt, a day of closing (or none) and a result row.
For any year, an entry that is new or carried in is either closed in that year or carried out: so in
every column new_received + carried_in = total + carried_out, by construction. law.md §6.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import Law, TableFormats
from workflow.case.counted import CountedCase
from workflow.case.facts import Proceeding

KEEPS_THE_ROW = ("supplement", "correct")
"""Ways of mending a reply under which the first result stands whatever the setting says (law.md §6.8)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit of table 3, or so many alike ones, of one word. row None: still open. An entry that no row
    takes does not exist."""

    number: str
    column: str
    received_on: date
    closed_on: date | None
    row: str | None
    times: int = 1
    word: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables 3 and 4 of one year, and the numbers of the cases behind every cell.

    behind3, behind4 None: groups were counted, whose cases have no numbers here.
    """

    year: int
    format: str
    table3: dict[str, dict[str, int]]
    table4: dict[str, dict[str, int]]
    behind3: dict[tuple[str, str], list[str]] | None
    behind4: dict[tuple[str, str], list[str]] | None


def links(settings: Mapping[str, Any]) -> frozenset[str]:
    """By what a case counts together with others under these settings: redo_of, joint_letter. Cases that
    name another by it, and those that they name, are to be given to `tally` one by one."""
    found = set()
    if settings["redo_counting"] == "replace_result_same_year":
        found.add("redo_of")
    if settings["count_unit"] == "reply_letter":
        found.add("joint_letter")
    return frozenset(found)


def tally(
    cases: Iterable[CountedCase],
    year: int,
    law: Law,
    settings: Mapping[str, Any],
    fmt: str | None = None,
) -> Tables:
    """Tables 3 and 4 of one body for a year (1 January to 31 December), in the format of that year
    unless another is asked for."""
    fmt = fmt or law.formats.format_of(year)
    listed = [case for case in cases if not case.void]
    units = _units_of_table3(entries(listed, settings), year, law.formats, fmt)
    disputes = _disputes_of_table4(listed, year, law, settings)
    one_by_one = all(case.number for case in listed)
    return Tables(
        year,
        fmt,
        _sheet(
            law.formats.rows[fmt],
            law.formats.columns,
            {place: sum(unit.times for unit in found) for place, found in units.items()},
        ),
        _sheet(
            law.formats.blocks,
            law.formats.cells,
            {place: sum(one.times for one in found) for place, found in disputes.items()},
        ),
        _numbers(units) if one_by_one else None,
        _numbers(disputes) if one_by_one else None,
    )


def behind(
    cases: Iterable[CountedCase],
    year: int,
    law: Law,
    settings: Mapping[str, Any],
    fmt: str,
    place: tuple[str, str],
) -> "list[Entry | Dispute]":
    """The units that a cell of the tables counts: row and column of table 3, or block and cell of table 4."""
    listed = [case for case in cases if not case.void]
    if place[0] in law.formats.rows[fmt]:
        # Of groups, which depend on no other case, only those of the column need be looked at.
        units = entries(
            [one for one in listed if not one.word or place[1] in ("total", *one.columns)], settings
        )
        return [
            unit
            for unit in units
            if place[1] in (unit.column, "total")
            and place[0] in rows_of(unit, year, law.formats, fmt)
        ]
    return [*_disputes_of_table4(listed, year, law, settings).get(place, ())]


def _numbers(
    places: Mapping[tuple[str, str], Iterable["Entry | Dispute"]],
) -> dict[tuple[str, str], list[str]]:
    return {place: [one.number for one in found] for place, found in places.items()}


def _sheet(
    rows: Iterable[str], columns: Iterable[str], numbers: Mapping[tuple[str, str], int]
) -> dict[str, dict[str, int]]:
    columns = list(columns)
    return {row: {column: numbers.get((row, column), 0) for column in columns} for row in rows}


# -- table 3 ------------------------------------------------------------------------------------------


def entries(cases: Iterable[CountedCase], settings: Mapping[str, Any]) -> list[Entry]:
    """The units that table 3 counts (law.md §6.1, 6.2, 6.7, 6.8), one or more per counted case."""
    listed = [case for case in cases if _is_counted(case, settings)]
    replaced = _replacements(listed, settings)
    found: list[Entry] = []
    letters: set[str] = set()
    answered_with = {case.number: case.joint_letter for case in listed}
    for case in listed:
        assert case.received_on is not None
        if case.redo_of and (
            settings["redo_counting"] != "as_new_application" or case.redo_mode in KEEPS_THE_ROW
        ):
            continue
        if settings["count_unit"] == "reply_letter" and case.number:
            # The cases of a group have a letter each. A case that others were merged into is known to
            # them by its number.
            letter = case.joint_letter or case.number
            seen: set[str] = set()
            while (further := answered_with.get(letter)) and letter not in seen:
                seen.add(letter)
                letter = further
            if letter in letters:
                continue
            letters.add(letter)
        row = replaced.get(case.number, _row(case))
        columns = (
            case.columns if settings["joint_applicants"] == "per_applicant" else case.columns[:1]
        )
        rows: tuple[str | None, ...] = (row,)
        if settings["count_unit"] == "item" and case.item_rows:
            rows = case.item_rows
        for column in columns:
            for unit in rows:
                if unit is None and case.closed_on is not None:
                    if not _was_carried_out(case):
                        continue
                    unit = "other_misc"
                found.append(
                    Entry(
                        case.number, column, case.received_on, case.closed_on, unit, case.times,
                        case.word,
                    )
                )  # fmt: skip
    return found


def _is_counted(case: CountedCase, settings: Mapping[str, Any]) -> bool:
    if case.received_on is None:
        return False
    if case.kind == "record_correction":
        return bool(settings["count_record_correction"])
    if case.kind != "application":
        return False
    return (
        settings["count_withdrawn_before_acceptance"]
        or not case.withdrawn_unaccepted
        or _was_carried_out(case)
    )


def _was_carried_out(case: CountedCase) -> bool:
    """The case stood open in the table of the year of its receipt. What a setting counts nowhere still
    counts then, under 其他: the next year must carry in what that one carried out (law.md §6.3)."""
    assert case.received_on is not None
    return case.closed_on is not None and case.closed_on.year > case.received_on.year


def _row(case: CountedCase) -> str | None:
    if case.kind == "record_correction" and case.closed_on is not None:
        return "other_misc"
    return case.row


def _replacements(cases: list[CountedCase], settings: Mapping[str, Any]) -> dict[str, str | None]:
    """First case → the row of its redo, where the setting lets a redo of the same year replace it."""
    if settings["redo_counting"] != "replace_result_same_year":
        return {}
    closed = {case.number: case.closed_on for case in cases}
    redoes = {
        case.number: case.redo_of
        for case in cases
        if case.redo_of and case.redo_mode not in KEEPS_THE_ROW
    }
    found: dict[str, str | None] = {}
    for case in sorted(cases, key=lambda c: c.closed_on or date.max):
        number = case.number
        seen: set[str] = set()
        while number in redoes and number not in seen:  # a redo of a redo replaces the first
            seen.add(number)
            number = redoes[number]
        first = closed.get(number) if case.number in redoes else None
        if first and case.closed_on and first.year == case.closed_on.year:
            found[number] = case.row
    return found


def _units_of_table3(
    units: Iterable[Entry], year: int, formats: TableFormats, fmt: str
) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for unit in units:
        for row in rows_of(unit, year, formats, fmt):
            for column in (unit.column, "total"):
                found.setdefault((row, column), []).append(unit)
    return found


def rows_of(unit: Entry, year: int, formats: TableFormats, fmt: str) -> list[str]:
    """The rows in which a unit stands in a year's table: none, or exactly one of the two above
    (new, carried in) and one of the two below (its result with the total, carried out)."""
    received, closed = unit.received_on.year, unit.closed_on.year if unit.closed_on else None
    if received > year or (closed is not None and closed < year):
        return []
    above = "new_received" if received == year else "carried_in"
    if closed == year:
        assert unit.row is not None
        return [above, formats.row_in(unit.row, fmt), "total"]
    return [above, "carried_out"]


# -- table 4 ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Dispute:
    """One unit of table 4, or so many alike ones, of cases of one word."""

    number: str
    block: str
    stages: list[Proceeding]
    times: int = 1
    word: str = ""


def _disputes_of_table4(
    cases: Iterable[CountedCase], year: int, law: Law, settings: Mapping[str, Any]
) -> dict[tuple[str, str], list[Dispute]]:
    found: dict[tuple[str, str], list[Dispute]] = {}
    for dispute in _disputes(cases, settings):
        for cell in _cells(dispute, year, law, settings):
            for column in (cell, "total"):
                found.setdefault((dispute.block, column), []).append(dispute)
    return found


def _disputes(cases: Iterable[CountedCase], settings: Mapping[str, Any]) -> list[Dispute]:
    """Reviews by case number (one review over three replies is one), suits by dispute: a first
    instance with its appeals, or each instance alone where the setting says so."""
    found: list[Dispute] = []
    reviews: set[str] = set()
    for case in cases:
        if case.kind != "application":
            continue
        suits: list[Dispute] = []
        for proceeding in sorted(case.proceedings, key=lambda p: (p.filed_on, p.number)):
            if proceeding.role == "co_defendant" and not settings["count_as_review_codefendant"]:
                continue
            if proceeding.kind == "review":
                if proceeding.case_number and proceeding.case_number in reviews:
                    continue
                if proceeding.case_number:
                    reviews.add(proceeding.case_number)
                found.append(_dispute(case, "review", proceeding))
                continue
            first = _first_instance(suits, proceeding)
            if first is not None and settings["t4_instance_unit"] == "dispute":
                first.stages.append(proceeding)
                continue
            suits.append(_dispute(case, f"suit_{proceeding.via}", proceeding))
            found.append(suits[-1])
    return found


def _dispute(case: CountedCase, block: str, first: Proceeding) -> Dispute:
    return Dispute(case.number, block, [first], case.times, case.word)


def _first_instance(suits: list[Dispute], appeal: Proceeding) -> Dispute | None:
    """The suit that an appeal goes on with: the latest one of its way, of the same party where there is one."""
    if appeal.instance != "appeal":
        return None
    same_way = [one for one in suits if one.block == f"suit_{appeal.via}"]
    same_party = [one for one in same_way if one.stages[0].by == appeal.by]
    found = same_party or same_way
    return found[-1] if found else None


def _cells(dispute: Dispute, year: int, law: Law, settings: Mapping[str, Any]) -> list[str]:
    """The cell of a dispute in a year: its result if concluded in the year, pending if open on
    31 December; law.md §6.9."""
    last_day = date(year, 12, 31)
    stages = [stage for stage in dispute.stages if stage.filed_on <= last_day]
    if not stages:
        return []
    if settings["t4_year_basis"] == "filing_year_only" and stages[0].filed_on.year != year:
        return []
    latest = stages[-1]
    if latest.concluded_on is None or latest.concluded_on > last_day:
        return ["pending"]
    if settings["t4_year_basis"] != "filing_year_only" and latest.concluded_on.year != year:
        return []
    assert latest.result is not None
    result = law.results[(latest.kind, latest.result)]
    if result.setting == "review_claim_rejected":
        return [settings["review_claim_rejected"]]
    if result.cell == "not_counted":
        return ["other"] if settings["count_not_accepted"] else []
    return [result.cell]
