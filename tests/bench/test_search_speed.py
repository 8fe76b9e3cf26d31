"""Searching beside a hundred thousand cases of one body: the whole use case, twenty cases with their places shown,
beside the same query of the index bare; and what the index adds to an event."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from statistics import fmean
from time import process_time
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import insert

import workflow.service.letters.keeping
import workflow.store.unit
from tests.bench.conftest import cpu_side_by_side
from tests.bench.test_event_peers import WAY
from tests.workflow.service.township import HOME, Town
from workflow.case.terms import words_of
from workflow.dates import SHANGHAI
from workflow.docket.province.words import ANYTHING, GIVEN, SURNAMES, TOPICS
from workflow.people import Staff
from workflow.service import Office
from workflow.service.cases.search import Search
from workflow.service.installation import temporary_office
from workflow.store.dialect_index import Indexed, from_index, write_index
from workflow.store.indexed import (
    LETTER,
    Place,
    applicant_terms,
    letter_terms,
    line_terms,
    opening_terms,
    texts_of_body,
)
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.search import sought

REASON = "rows without logs: only searching counts"
REPLY = (
    "政府信息公开申请答复书", "本机关于2024年3月20日收到您提出的政府信息公开申请", "经检索，您申请公开的信息本机关予以公开",
    "依照《中华人民共和国政府信息公开条例》第三十六条第（二）项的规定，现将该信息提供给您。如对本答复不服，可以依法申请行政复议，"
    "也可以依法提起行政诉讼。",
)  # fmt: skip
WORDS = ("采矿许可证", "公路 养护", "小区", "行政复议", "案")
"""Of a few cases in a hundred to all of them; two words; one character. The name of who asks comes besides."""


def cases(agency: int, number: int) -> Iterator[tuple[dict[str, Any], str]]:
    """So many cases and the names of those who ask."""
    dice = Random(1)
    wishes = [*ANYTHING, *(one for topic in TOPICS.values() for one in topic)]
    for n in range(1, number + 1):
        year, place = (
            dice.randrange(2010, 2025),
            dice.choice("云清石青临永安平") + dice.choice("川阳江原泉溪"),
        )
        wish = dice.choice(wishes).format(
            month=6,
            year=year, place=f"{place}镇", village=f"{place}上{dice.choice('沟湾庄坪岗')}村", project=f"{place}引水工程",
            firm=f"{place}矿业有限公司", estate=f"{place}花园",
        )  # fmt: skip
        day = date(2024, 1, 1) + timedelta(n % 300)
        yield (
            {
                "id": n, "agency_id": agency, "number": f"2024-{n:04d}", "kind": "application",
                "request": wish, "items": [wish], "delivery": [], "medium": [], "code_salt": "",
                "submitted_at": datetime(2024, 1, 1, tzinfo=SHANGHAI), "opened_on": day, "state": "served",
                "received_on": day, "closed_on": day, "outcome": "supplied", "columns": [], "item_rows": [],
                "proceedings": [],
            },
            dice.choice(SURNAMES)[0] + dice.choice(GIVEN)[0],
        )  # fmt: skip


def fill(office: Office, number: int) -> int:
    """Cases with their openings, names, two lines and a letter in the index; the id of their body."""
    keys = office.keys
    with office.store.write() as unit:
        agency = office.add_agency(unit, code="large", name="大局", level="county_department").id
        rows = cases(agency, number)
        while some := list(islice(rows, 2000)):
            unit.session.execute(insert(CaseRow), [row for row, _ in some])
            unit.session.execute(
                insert(ApplicantRow),
                [{"case_id": row["id"], "position": 0, "name": name, "citizen": True} for row, name in some],
            )  # fmt: skip
            texts: list[Indexed] = []
            for row, name in some:
                id_, wish = row["id"], row["request"]
                texts += [
                    opening_terms(agency, id_, row["number"], wish, [wish]),
                    applicant_terms(keys, agency, id_, [name], ()),
                    *line_terms(agency, id_, 2, {"to": "业务一科"}),
                    *line_terms(agency, id_, 3, {"sources": ["档案室"], "keywords": [wish[:6]]}),
                    *letter_terms(keys, agency, id_, 0, [name, wish, *REPLY]),
                ]
            write_index(unit.connection, texts)
    return agency


def bare(office: Office, agency: int, typed: str) -> list[int]:
    """The same words in the same index, one query for each, and every text that it finds."""
    with office.store.read() as unit:
        span = texts_of_body(agency)
        found = [
            from_index(unit.connection, sought(office.keys, word), *span)
            for word in words_of(typed)
        ]
    return [text for texts in found for text in texts]


@pytest.mark.tampering(reason=REASON)
def test_searching_costs_at_most_twice_the_bare_query(
    office: Office, full: bool, tell: Callable[[str], None]
) -> None:
    number, rounds = (100_000, 15) if full else (300, 1)
    agency = fill(office, number)
    person = Staff(1, "zhoumin", "周敏", {"large": frozenset(("clerk",))})
    search = Search(office)
    ratios = {}
    (_, name), *_ = cases(agency, 1)
    for typed in (*WORDS, name):
        found, texts = search.find(person, typed), bare(office, agency, typed)
        assert found.total and {Place.of(text).case_id for text in texts} >= {
            int(one.number[5:]) for one in found.cases
        }
        if " " not in typed:
            assert found.places["all"] == len(texts)
        took = cpu_side_by_side(
            {
                "ours": lambda typed=typed: search.find(person, typed),
                "bare": lambda typed=typed: bare(office, agency, typed),
            },
            rounds,
        )
        ratios[typed] = took["ours"] / took["bare"]
        tell(
            f"“{typed}” in {found.total} of {number} cases, {found.places['all']} places:"
            f" {ratios[typed]:.2f} × the bare query   [{1e3 * took['ours']:.1f} ms,"
            f" {1e3 * took['bare']:.1f} ms]"
        )
    assert any(Place.of(text).kind == LETTER for text in bare(office, agency, "行政复议"))


@contextmanager
def unindexed() -> Iterator[None]:
    """Nothing that is written within is indexed, by functions that cost nothing themselves."""
    units, keeping = workflow.store.unit, workflow.service.letters.keeping
    with ExitStack() as patched:
        for module, name in (
            (units, "write_index"), (units, "line_terms"), (units, "opening_terms"), (units, "applicant_terms"),
            (keeping, "letter_terms"), (keeping, "number_terms"),
        ):  # fmt: skip
            patched.enter_context(patch.object(module, name, lambda *given: ()))
        yield


def test_what_the_index_adds_to_the_way_of_a_case(full: bool, tell: Callable[[str], None]) -> None:
    """Aim: a tenth."""
    rounds = 20 if full else 1
    with temporary_office() as office:
        town = Town(office)
        town.clock(date(2024, 5, 6))
        count = iter(range(10**6))

        def way() -> None:
            number = town.register("2024-03-20", proof=f"E{next(count):08d}")
            people = [town.drafter.within(HOME), town.reviewer.within(HOME)]
            for name, on, fields in WAY:
                by = people[name in ("pass_secrecy_review", "pass_legal_check", "approve")]
                town.moving.apply(by, number, name, {"on": on, **fields})

        def ten() -> None:
            for _ in range(10 if full else 1):
                way()

        def without() -> None:
            with unindexed():
                ten()

        took = cpu_side_by_side({"with": ten, "without": without}, rounds)
    tell(
        f"nine events of a case with the index: {took['with'] / took['without']:.3f} × without"
        f"   [{1e2 * took['with']:.1f} ms, {1e2 * took['without']:.1f} ms]"
    )


def test_what_the_index_adds_to_an_extension_with_its_notice(
    full: bool, tell: Callable[[str], None]
) -> None:
    """Aim: a tenth. On average, for every two hundredth text brings the others along."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    with temporary_office() as office:
        town = Town(office)
        town.clock(date(2024, 5, 6))
        person = town.drafter.within(HOME)
        for n in range(400 if full else 2):
            number = town.register("2024-03-20", proof=f"E{n:08d}")
            town.moving.apply(person, number, "assign", {"on": "2024-03-21", "to": "农业中心"})
            told = {"on": "2024-03-26", "days": 10, "reason": "需查阅历年纸质档案"}
            with nullcontext() if n % 2 else unindexed():
                begun = process_time()
                town.moving.apply(person, number, "extend", told)
                spent[bool(n % 2)].append(process_time() - begun)
    taken, without = (fmean(times[10 if full else 0 :]) for times in (spent[True], spent[False]))
    tell(
        f"an extension with its notice, indexed: {taken / without:.3f} × without"
        f"   [{1e3 * taken:.2f} ms, {1e3 * without:.2f} ms]"
    )
