"""The index of terms: the same answers on both databases, however the texts came in."""

import pytest
from sqlalchemy import select

from workflow.case.terms import words_of
from workflow.service import Office
from workflow.service.docket.simulate import simulate
from workflow.service.installation import complete_search, temporary_office
from workflow.store.dialect_index import (
    NEW_MOST,
    Indexed,
    Sought,
    clear_index,
    from_index,
    is_of_index,
    unwrite_index,
    write_index,
)
from workflow.store.indexed import (
    APPLICANTS,
    FILE,
    LETTER,
    LINE,
    OPENING,
    Place,
    case_of_text,
    kind_of_text,
    line_terms,
    number_terms,
    texts_of_body,
)
from workflow.store.models import ApplicantRow
from workflow.store.search import matching

EVERY = (0, (1 << 62))
TEXTS = (
    Indexed(5, ["采石", "石场", "场"], ["§ab", "§cd"]),
    Indexed(7, ["石场", "场", "采石", "abc"]),
    Indexed(9, [], ["§cd"]),
)


@pytest.mark.parametrize("many", [0, 30, NEW_MOST + 5])
@pytest.mark.parametrize("at_once", [False, True])
def test_phrases_beginnings_and_loose_terms_are_found(
    office: Office, many: int, at_once: bool
) -> None:
    others = [Indexed(1000 + n, [f"w{n}", "都有"]) for n in range(many)]
    with office.store.write() as unit:
        clear_index(unit.connection)
        if at_once:
            write_index(unit.connection, [*others, *TEXTS])
        else:
            for one in (*TEXTS, *others):
                write_index(unit.connection, [one])

        def found(*either: Sought, span: tuple[int, int] = EVERY) -> list[int]:
            return from_index(unit.connection, either, *span)

        assert found(Sought(("采石",))) == [5, 7]
        assert found(Sought(("采石", "石场"))) == [5]
        assert found(Sought(("石场", "场", "采石"))) == [7]
        assert found(Sought(("采",), opens=True)) == [5, 7]
        assert found(Sought(("场",), opens=True)) == [5, 7]
        assert found(Sought(("石场", "场"), opens=True)) == [5, 7]
        assert found(Sought(("采",))) == []
        assert found(Sought(("§cd", "§ab"), loose=True)) == [5]
        assert found(Sought(("§cd",), loose=True)) == [5, 9]
        assert found(Sought(("abc",)), Sought(("§ab",), loose=True)) == [5, 7]
        assert found(Sought(("采石",)), span=(6, 8)) == [7]
        assert found(Sought(("采石",)), span=(5, 5)) == [5]
        assert found() == []
        assert found(Sought(("都有",))) == [1000 + n for n in range(many)]
        assert found(Sought((f"w{many - 1}",))) == ([999 + many] if many else [])
        clear_index(unit.connection)
        assert found(Sought(("采石",))) == []


@pytest.mark.parametrize("many", [0, NEW_MOST + 5])
def test_a_text_that_is_taken_out_is_not_found_and_one_that_is_not_there_is_nothing(
    office: Office, many: int
) -> None:
    others = [Indexed(1000 + n, [f"w{n}", "都有"]) for n in range(many)]
    with office.store.write() as unit:
        connection = unit.connection
        clear_index(connection)
        unwrite_index(connection, [*TEXTS, Indexed(11, [])])
        assert from_index(connection, [Sought(("采石",))], *EVERY) == []
        write_index(connection, [*others, *TEXTS])
        for _ in range(2):
            unwrite_index(connection, [TEXTS[1], Indexed(8, ["采石"])])
        assert from_index(connection, [Sought(("采石",))], *EVERY) == [5]
        assert from_index(connection, [Sought(("§cd",))], *EVERY) == [5, 9]
        write_index(connection, [Indexed(7, ["别的"])])
        assert from_index(connection, [Sought(("采石",)), Sought(("别的",))], *EVERY) == [5, 7]
        assert from_index(connection, [Sought(("abc",))], *EVERY) == []


def test_what_is_rolled_back_is_not_found(office: Office) -> None:
    with pytest.raises(RuntimeError), office.store.write() as unit:
        unit.index(Indexed(77, ["只此"]))
        unit.settle()
        raise RuntimeError
    with office.store.read() as unit:
        assert from_index(unit.connection, [Sought(("只此",))], *EVERY) == []


def test_a_text_tells_its_body_its_case_and_its_kind() -> None:
    at = Place(200_000, 500_000_000, FILE, 8000)
    assert Place.of(at.id) == at and at.id < 1 << 63
    assert (case_of_text(at.id), kind_of_text(at.id)) == (500_000_000, FILE)
    first, last = texts_of_body(7)
    assert first <= Place(7, 1, LINE, 1).id <= last < Place(8, 0, 0, 0).id
    assert Place(6, (1 << 29) - 1, LETTER, 8191).id < first


def test_places_beyond_what_a_text_can_tell_are_left_out() -> None:
    assert line_terms(1, 2, 8191, {"reason": "理由"}) != []
    assert line_terms(1, 2, 8192, {"reason": "理由"}) == []
    assert number_terms(1, 2, 8192, "〔2024〕1号") == []


def test_the_tables_of_the_index_are_known() -> None:
    assert is_of_index("search_index") and is_of_index("search_index_data")
    assert not is_of_index("search") and not is_of_index("case")


def test_cases_in_bulk_are_found_as_the_index_made_anew_finds_them() -> None:
    with temporary_office() as office:
        simulate(office, 60, 2, years=2, seed=3)

        def found() -> dict[str, list[int]]:
            with office.store.read() as unit:
                bodies = {body.id: range(7) for body in unit.agencies()}
                names = [name for (name,) in unit.session.execute(select(ApplicantRow.name))]
                asked = ("年", "公开", "科", "档案", *names[:20])
                return {
                    words: matching(unit, office.keys, bodies, words_of(words)).texts
                    for words in asked
                }

        before = found()
        kinds = {kind_of_text(text) for texts in before.values() for text in texts}
        assert {OPENING, APPLICANTS, LINE} <= kinds and all(
            before[name] for name in list(before)[4:]
        )
        complete_search(office, anew=True)
        assert found() == before
