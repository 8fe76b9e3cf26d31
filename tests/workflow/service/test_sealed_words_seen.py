"""Names, requests and the words of logs lie sealed: whoever works here sees no difference."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.workflow.service.at_rest import MOMENT, SEALING, as_it_lies, left_of, lying, opened
from tests.workflow.service.sampling import KEYS, migrated_store, sample_office
from workflow.case.terms import words_of
from workflow.service import Office
from workflow.service.bundles import Bundles
from workflow.service.cases.applicant import ForApplicant
from workflow.service.cases.search import Results, Search
from workflow.service.cases.similar import Similar
from workflow.service.cases.worklist import Worklist
from workflow.service.docket.ledger_export import LedgerExport
from workflow.service.docket.simulate import simulate
from workflow.service.installation import complete_search
from workflow.service.keys import InstallationKeys
from workflow.service.report.tables import Reports
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.search import matching
from workflow.store.words import is_sealed


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    """The demonstration lying plain and sealed."""
    folder = tmp_path_factory.mktemp("both")
    plain = sample_office(folder / "plain.db", MOMENT)
    plain.store.close()
    shutil.copy(folder / "plain.db", folder / "sealed.db")
    sealed = opened(folder / "sealed.db", SEALING)
    done = InstallationKeys(sealed).turn_words(seal=True, finish=False)
    complete_search(sealed, anew=True)
    assert done.rows > 100 and done.spoilt == {}
    plain = opened(folder / "plain.db", KEYS)
    yield plain, sealed
    plain.store.close()
    sealed.store.close()


def lists(office: Office) -> Any:
    staff = office.staff("lifang")
    assert staff
    return Worklist(office).cases(staff, limit=200)


def portal(office: Office) -> Any:
    with office.store.read() as unit:
        rows = list(unit.session.scalars(select(CaseRow).order_by(CaseRow.id)))
        known = [(one.number, office.keys.query_code(one.code_salt, one.code_turn)) for one in rows]
    return [ForApplicant(office).view(*one) for one in known[:40]]


def tables(office: Office) -> Any:
    found = Reports(office)
    return [found.tables("panlong", year).as_dict() for year in (2024, 2025, 2026)]


def ledger(office: Office) -> Any:
    return [
        LedgerExport(office).write("panlong", year, "csv").content for year in (2024, 2025, 2026)
    ]


def papers(office: Office) -> Any:
    staff = office.staff("lifang")
    assert staff
    cases, _ = Worklist(office).cases(staff, limit=3)
    return [Bundles(office).contents(staff.within("panlong"), one.number) for one in cases]


def alike(office: Office) -> Any:
    staff = office.staff("lifang")
    assert staff
    cases, _ = Worklist(office).cases(staff, limit=10)
    return [Similar(office).to(staff.within("panlong"), one.number)[1] for one in cases]


@pytest.mark.parametrize("look", [lists, portal, tables, ledger, papers, alike])
def test_whoever_works_here_sees_no_difference(
    both: tuple[Office, Office], look: Callable[[Office], Any]
) -> None:
    plain, sealed = both
    seen = look(plain)
    assert seen and look(sealed) == seen


SOUGHT = (
    "公路", "公路养护", "低保", "补助发放", "征地", "征地补偿", "合同", "2023年度", "36", "2026-0001", "张三", "13800000000",
    "公路 合同", "名册", "环境影响", "不存在的词", "复议", "经费开支", "年度 经费",
)  # fmt: skip


def found(office: Office, words: str) -> Results:
    staff = office.staff("lifang")
    assert staff
    return Search(office).find(staff, words, limit=200)


@pytest.mark.parametrize("words", SOUGHT)
def test_a_search_finds_the_same(both: tuple[Office, Office], words: str) -> None:
    plain, sealed = both
    one, other = found(plain, words), found(sealed, words)
    assert (other.total, other.places) == (one.total, one.places)
    assert other.cases == one.cases


def test_something_is_found_at_all(both: tuple[Office, Office]) -> None:
    plain, _ = both
    assert sum(found(plain, words).total > 0 for words in SOUGHT) > len(SOUGHT) / 2


def test_a_single_character_is_not_found_in_what_is_sealed(both: tuple[Office, Office]) -> None:
    plain, sealed = both
    assert found(plain, "公").total > 0 and found(sealed, "公").total == 0


def test_cases_in_bulk_lie_sealed_and_are_found_as_the_index_made_anew_finds_them(
    tmp_path: Path,
) -> None:
    office = Office(migrated_store(tmp_path / "store.db"), SEALING)
    simulate(office, 40, 2, years=1, seed=3)
    assert all(map(is_sealed, as_it_lies(office)[:40]))
    with office.store.read() as unit:
        names = list(unit.session.scalars(select(ApplicantRow.name)))[:20]

    def found() -> dict[str, list[int]]:
        with office.store.read() as unit:
            bodies = {body.id: range(7) for body in unit.agencies()}
            return {
                words: matching(unit, SEALING, bodies, words_of(words)).texts
                for words in ("公开", "档案", "行政复议", *names)
            }

    before = found()
    assert all(before[name] for name in names) and not left_of(
        tuple(names), lying(office.store.engine)
    )
    complete_search(office, anew=True)
    assert found() == before
    office.store.close()
