"""Kept counts: what the reports of any year see of a case, in one word, so that alike cases are counted
once and kept (docs/decisions/0017).

The word of a case follows from its log, as its row does. It says of every day no more than the year, as
the tables do, and which of the questions of a report the case answers: whether it came late, was served on
the net, was paid for, lacks a record. How many cases of a body have a word is kept; `kept_of` turns the
word back into a case for the tally.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.counted import CountedCase
from workflow.case.dispute_alarms import searches_after_the_copy
from workflow.case.facts import Proceeding
from workflow.report.records import EVENTS, is_sound, needs_records, record_of
from workflow.rules.columns import column_is_known

FORM = "1"
"""Of the words. Another form has every case folded anew, once."""
LONGEST = 1000
"""A word is part of an index. A case of so many proceedings or items that its word would be longer is
counted by itself."""
MOST_REVIEWS = 50
NAMED = "?"
"""Stands for the number of another case, which a group does not know."""
FOR_EVER = 9999
EXCUSED = ("correction_lapsed", "fee_unpaid")
"""Outcomes of an application that waited for its applicant: never late."""
RECORD, DISPUTE, UNCLEAR = "record", "dispute", "unclear"
"""What there may be to look at: the record of the answer, the disputes over it, the column of an applicant."""
NO_PROOF = "?"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a report asks of a case besides its tables.

    late: the year of the due day after which an application was closed. served: how the reply went out,
    online or offline, "" for none; unproven: the proof of a service does not stand in the log (it may be
    among the files). fees: the years in which a fee was told or paid. look: where something may be found
    wrong (RECORD and those beside it).
    """

    channel: str = ""
    served: str = ""
    unproven: bool = False
    late: int | None = None
    fees: tuple[int, ...] = ()
    look: tuple[str, ...] = ()


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Kept:
    """A word read again. case: one of the alike ones, without a number, of its days the year alone.

    last: the last year whose report may see it. alone: the word does not say enough, the cases are to be
    read one by one. disputed: marks of the reviews with a number, which several cases may share.
    """

    word: str
    case: CountedCase
    marks: Marks
    last: int
    alone: bool
    disputed: tuple[str, ...]


# -- from a case to its word --------------------------------------------------------------------------


def word_of_case(case: Case, seen: CountedCase) -> str | None:
    """The word of a case; None while no report sees anything of it. seen: the case as the tally sees it."""
    return word_of(seen, marks_of(case, seen))


def marks_of(case: Case, seen: CountedCase) -> Marks:
    """What a report asks of a case besides its tables, from its log."""
    served, fees, searched, proven = "", set(), False, True
    for line in case.log:
        event = line.event
        if isinstance(event, ev.Serve):
            served = "online" if event.method == "electronic" else "offline"
            proven = proven and bool(event.proof)
        elif isinstance(event, ev.ChargeFee | ev.PayFee):
            fees.add(event.on.year)
        elif isinstance(event, ev.RecordSearch):
            searched = True
    closed, due, late = seen.closed_on, case.deadlines.reply_due, None
    if closed is not None and due is not None and closed > due and seen.kind == "application":
        late = due.year if case.facts.outcome not in EXCUSED else None
    return Marks(
        case.facts.channel or "",
        served if closed else "",
        not proven,
        late,
        tuple(sorted(fees)),
        tuple(_looks(case, seen, searched=searched)),
    )


def _looks(case: Case, seen: CountedCase, *, searched: bool) -> Iterable[str]:
    disputes = seen.proceedings
    if disputes and (
        any(one.provisional or (one.kind == "suit" and one.via == "direct") for one in disputes)
        or (searched and searches_after_the_copy(case))
    ):
        yield DISPUTE
    if seen.closed_on and seen.row and needs_records(seen.row) and seen.kind == "application":
        lines = (
            (line.event.name, line.event.model_dump(mode="json", exclude_none=True))
            for line in case.log
            if line.event.name in EVENTS
        )
        if not is_sound(record_of("", seen.row, seen.closed_on, lines)):
            yield RECORD
    if any(
        not person.citizen
        and person.category is None
        and not column_is_known(case.rules.law, None, person.description or person.name)
        for person in case.header.applicants
    ):
        yield UNCLEAR


def word_of(seen: CountedCase, marks: Marks = NO_MARKS) -> str | None:
    """The word of a case; None where no report sees anything of it."""
    if seen.received_on is None and not seen.proceedings and not marks.fees:
        return None
    plain = "/".join(
        (
            str(seen.received_on.year) if seen.received_on else "",
            str(seen.closed_on.year) if seen.closed_on else "",
            seen.kind,
            _several(seen.columns),
            seen.row or "",
            marks.channel,
            marks.served + (NO_PROOF if marks.unproven else ""),
        )
    )
    rare: dict[str, Any] = {}
    if seen.withdrawn_unaccepted:
        rare["unaccepted"] = True
    if seen.void:
        rare["void"] = True
    if seen.redo_of:
        rare["redo"] = seen.redo_mode or ""
    if seen.moved_on:
        rare["moved"] = seen.moved_on.year
    if marks.late is not None:
        rare["late"] = marks.late
    if marks.fees:
        rare["fees"] = list(marks.fees)
    if marks.look:
        rare["look"] = list(marks.look)
    if seen.item_rows:
        rare["items"] = _several(row or "" for row in seen.item_rows)
    if seen.proceedings:
        rare["disputes"] = [_dispute(one) for one in _in_order(seen.proceedings)]
    word = _written(plain, rare)
    if len(word) > LONGEST:
        reviews = [told[-1] for told in rare.get("disputes", ()) if told[-1]]
        rare = {name: told for name, told in rare.items() if name not in ("items", "disputes")}
        word = _written(plain, {**rare, "alone": reviews[:MOST_REVIEWS]})
    return word


def _written(plain: str, rare: dict[str, Any]) -> str:
    if not rare:
        return plain
    return f"{plain}/{json.dumps(rare, separators=(',', ':'), sort_keys=True)}"


def _several(values: Iterable[str]) -> str:
    """The first value, then the others in order, each with how often it comes: the tally looks at the first
    applicant, or at all without their order."""
    first, *others = values
    return "+".join([first, *(f"{one}*{others.count(one)}" for one in sorted(set(others)))])


def _in_order(proceedings: Iterable[Proceeding]) -> list[Proceeding]:
    """As the tally takes them up."""
    return sorted(proceedings, key=lambda one: (one.filed_on, one.number))


def _dispute(one: Proceeding) -> list[Any]:
    concluded = one.concluded_on.year if one.concluded_on else None
    found = [
        one.kind, one.filed_on.year, concluded, one.result, one.via, one.instance, one.role, one.by,
        mark_of(one.case_number) if one.kind == "review" and one.case_number else None,
    ]  # fmt: skip
    return found


def mark_of(case_number: str) -> str:
    """Tells the number of a review from another, in a few letters."""
    return sha256(case_number.encode()).hexdigest()[:12]


def with_marks(case: CountedCase) -> CountedCase:
    """A case read by itself with its reviews named as groups name them."""
    if not any(one.kind == "review" and one.case_number for one in case.proceedings):
        return case
    return replace(
        case,
        proceedings=tuple(
            replace(one, case_number=mark_of(one.case_number))
            if one.kind == "review" and one.case_number
            else one
            for one in case.proceedings
        ),
    )


# -- from a word back to a case -----------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def kept_of(word: str) -> Kept:
    """What a word says."""
    received, closed, kind, columns, row, channel, served, *more = word.split("/", 7)
    rare = json.loads(more[0]) if more else {}
    disputes = tuple(_proceeding(n, told) for n, told in enumerate(rare.get("disputes", ()), 1))
    case = CountedCase(
        number="",
        kind=kind,
        columns=_each(columns),
        received_on=_day(received),
        closed_on=_day(closed),
        row=row or None,
        void="void" in rare,
        item_rows=tuple(one or None for one in _each(rare["items"])) if "items" in rare else (),
        withdrawn_unaccepted="unaccepted" in rare,
        redo_of=NAMED if "redo" in rare else None,
        redo_mode=rare.get("redo") or None,
        proceedings=disputes,
        moved_on=_day(rare.get("moved")),
    )
    marks = Marks(
        channel,
        served.removesuffix(NO_PROOF),
        served.endswith(NO_PROOF),
        rare.get("late"),
        tuple(rare.get("fees", ())),
        tuple(rare.get("look", ())),
    )
    lasts = [FOR_EVER] if "alone" in rare or "moved" in rare else [*marks.fees]
    if case.received_on:
        lasts.append(case.closed_on.year if case.closed_on else FOR_EVER)
    lasts += [one.concluded_on.year if one.concluded_on else FOR_EVER for one in disputes]
    return Kept(
        word,
        case,
        marks,
        max(lasts),
        "alone" in rare,
        (*(one.case_number for one in disputes if one.case_number), *rare.get("alone", ())),
    )


@lru_cache(maxsize=20_000)
def group_of(word: str, times: int) -> CountedCase:
    """So many cases of a word, as the tally counts them."""
    return replace(kept_of(word).case, times=times, word=word)


def _each(several: str) -> tuple[str, ...]:
    first, *others = several.split("+")
    found = [first]
    for one in others:
        value, _, times = one.rpartition("*")
        found += [value] * int(times)
    return tuple(found)


def _day(year: str | int | None) -> date | None:
    return date(int(year), 1, 1) if year else None


def _proceeding(number: int, told: list[Any]) -> Proceeding:
    kind, filed, concluded, result, via, instance, role, by, review = told
    return Proceeding(
        number,
        kind,
        date(filed, 1, 1),
        case_number=review,
        via=via,
        instance=instance,
        role=role,
        concluded_on=_day(concluded),
        result=result,
        by=by,
    )
