"""Letters that are kept: with the event that makes them, with their numbers, and as they were signed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.workflow.service.letters.kept import approved, corrected, kept, letters, with_leaders
from tests.workflow.service.town import Town
from workflow.letters import Choice, NotPossible
from workflow.letters.formats import FORMATS
from workflow.letters.letter import read_again, written
from workflow.refusal import BadInput, Refused
from workflow.service import Missing
from workflow.service.cases.verify import verify
from workflow.service.docket.player import Player
from workflow.service.office import Stale
from workflow.store import letters as store
from workflow.store.letter_models import LetterNumberRow
from workflow.store.unit import Unit


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-03-04")


@pytest.fixture
def leaders(town: Town) -> Town:
    return with_leaders(town)


def numbers_of(unit: Unit) -> list[LetterNumberRow]:
    """The numbers that the papers of the first case took, in order."""
    query = select(LetterNumberRow).where(LetterNumberRow.case_id == 1)
    return list(unit.session.scalars(query.order_by(LetterNumberRow.id)))


# -- what an event keeps ------------------------------------------------------------------------------


def test_event_keeps_its_letter_with_the_first_number_of_its_series(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    (mine,) = kept(town, number)
    assert (mine.kind, mine.version, mine.source) == ("correction_notice", 1, "drafted")
    assert mine.number == "【机关代字】公开补〔2024〕1号"
    assert mine.seq == town.reading.case(town.staff("lifang"), number).log[-1].seq
    letter = letters(town).draft(None, "panlong", number, "correction_notice")
    assert letter.number == mine.number
    assert letter.paper_hash == mine.hash
    assert [gap.name for gap in letter.open if gap.name.startswith("letter_")] == ["letter_code"]


def test_kept_letter_stays_as_it_went_out(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    before = letters(town).draft(None, "panlong", number, "correction_notice")
    with town.office.store.write_rules() as unit:
        row = town.office.found_agency(unit, "panlong")
        unit.set_setting(row, "contact_phone", "0876-1", town.office.today(), "更换")
    assert letters(town).draft(None, "panlong", number, "correction_notice") == before


def test_letter_read_again_is_the_same_and_prints_the_same(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    for one in letters(town).possible(None, "panlong", number):
        letter = letters(town).draft(None, "panlong", number, one.kind)
        again = read_again(written(letter))
        assert again == letter, one.kind
        assert again.paper_hash == letter.paper_hash
        assert FORMATS["docx"].write(again) == FORMATS["docx"].write(letter)


def test_hash_is_that_of_the_words_and_not_of_number_and_day(town: Town) -> None:
    number = town.file().number
    town.act("lifang", number, "assign", "2024-03-05", to="农业中心")
    one = letters(town).draft(None, "panlong", number, "registration_form")
    assert one.numbered("文公开收〔2024〕9号").paper_hash == one.paper_hash
    assert len(one.paper_hash) == 64
    corrected(town, number)
    assert (
        letters(town).draft(None, "panlong", number, "approval_form").paper_hash != one.paper_hash
    )


def test_refused_event_keeps_nothing(town: Town) -> None:
    number = town.file().number
    with pytest.raises(Refused):
        town.act("lifang", number, "extend", "2024-03-05", days=30, reason="很多")
    assert kept(town, number) == []


def test_repeated_event_keeps_one(town: Town) -> None:
    number = town.file().number
    town.is_("2024-03-05")
    for _ in range(2):
        fields = {"on": "2024-03-05", "defects": ["请写明年度"]}
        town.moving.apply(town.staff("lifang"), number, "require_correction", fields, once="a")
    assert [one.number for one in kept(town, number)] == ["【机关代字】公开补〔2024〕1号"]


def test_each_consultation_has_a_letter_of_its_own(town: Town) -> None:
    number = town.file().number
    for n, to in ((1, "文山某公司"), (2, "砚山某公司")):
        town.act(
            "lifang",
            number,
            "consult_third_party",
            "2024-03-05",
            consultation=n,
            to=to,
            subject="合同",
        )
    found = kept(town, number)
    assert [(one.about, one.version) for one in found] == [("1", 1), ("2", 1)]
    for n, to in ((1, "文山某公司"), (2, "砚山某公司")):
        choice = Choice(consultation=n)
        letter = letters(town).draft(None, "panlong", number, "third_party_consultation", choice)
        assert (letter.addressee, letter.number) == (to, found[n - 1].number)


def test_docket_that_is_played_keeps_no_letters(town: Town) -> None:
    """They would be papers that nobody sent."""
    from tests.workflow.service.letters.test_drafted import DOCKETS

    town.is_("2026-11-23")
    Player(town.office).play(next(case for case in DOCKETS if case["kind"] == "docket")["input"])
    with town.office.store.read() as unit:
        assert store.held_versions(unit, 0, 10) == []


# -- numbers ------------------------------------------------------------------------------------------


def set_to(town: Town, name: str, value: str) -> None:
    with town.office.store.write_rules() as unit:
        body = town.office.found_agency(unit, "panlong")
        unit.set_setting(body, name, value, town.office.today(), "文号")


def test_pattern_code_and_series_are_the_bodys(town: Town) -> None:
    set_to(town, "letter_code", "盘政")
    set_to(town, "letter_number", "{代字}信公{类}（{year}）第{n}号")
    set_to(town, "letter_series", "shared")
    first, second = town.file().number, town.file().number
    corrected(town, first)
    town.act("lifang", second, "withdraw", "2024-03-06")
    assert [one.number for one in kept(town, first)] == ["盘政信公补（2024）第1号"]
    assert [one.number for one in kept(town, second)] == ["盘政信公撤（2024）第2号"]
    letter = letters(town).draft(None, "panlong", first, "correction_notice")
    assert not [gap for gap in letter.open if gap.name.startswith("letter_")]


def test_each_kind_body_and_year_counts_by_itself(town: Town) -> None:
    first, second, third = (town.file().number for _ in range(3))
    corrected(town, first)
    corrected(town, second)
    town.act("chen", third, "extend", "2024-03-06", days=5, reason="需查阅纸质档案")
    numbers = [one.number for case in (first, second, third) for one in kept(town, case)]
    assert numbers == [
        f"【机关代字】公开{said}号" for said in ("补〔2024〕1", "补〔2024〕2", "延〔2024〕1")
    ]


def test_pattern_without_year_or_number_is_refused(town: Town) -> None:
    rule = town.office.law.settings["letter_number"]
    for wrong in ("", "{代字}〔{year}〕", "{代字}第{n}号", "{year}{n}{n}"):
        with pytest.raises(ValueError, match="须写有"):
            rule.parse(wrong)


@pytest.mark.parametrize("shared", ["by_kind", "shared"])
def test_many_clerks_at_once_get_numbers_without_gap_or_double(town: Town, shared: str) -> None:
    set_to(town, "letter_series", shared)
    numbers = [town.file().number for _ in range(12)]
    town.is_("2024-03-05")

    def act(number: str) -> None:
        fields = {"on": "2024-03-05", "defects": ["请写明年度"]}
        town.moving.apply(town.staff("lifang"), number, "require_correction", fields)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, numbers))
    with town.office.store.read() as unit:
        body = town.office.found_agency(unit, "panlong")
        book = [row.n for row, _, _ in store.book_of(unit, body.id, 2024)]
        assert book == list(range(1, 13))
        assert store.gaps_in_books(unit) == []


def test_void_number_stays_in_the_book_and_is_never_given_again(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    service, clerk = letters(town), town.staff("lifang")
    with town.office.store.read() as unit:
        (row,) = numbers_of(unit)
    for wrong in ("", "  ", "长" * 201):
        with pytest.raises(BadInput):
            service.void(clerk, "panlong", number, row.id, wrong)
    service.void(clerk, "panlong", number, row.id, "打印错误")
    with pytest.raises(Refused, match="已经作废"):
        service.void(clerk, "panlong", number, row.id, "再一次")
    with pytest.raises(Missing):
        service.void(clerk, "panlong", number, row.id + 7, "没有")
    service.issue(clerk, "panlong", number, "correction_notice")
    first, second = kept(town, number)
    assert (first.void, second.void) == (True, False)
    assert second.number.endswith("2号")
    with town.office.store.read() as unit:
        (void, _) = numbers_of(unit)
    assert (void.voided_by, void.void_reason) == ("lifang", "打印错误")


def test_a_letter_that_an_event_makes_takes_no_number_before_it(town: Town) -> None:
    """Nobody writes an extension into the book that no head has granted."""
    number, service, clerk = town.file().number, letters(town), town.staff("lifang")
    for kind, event in (("extension_notice", "延长答复期限"), ("correction_notice", "通知补正")):
        with pytest.raises(Refused, match=f"还没有办理“{event}”.*不单独编号") as told:
            service.issue(clerk, "panlong", number, kind)
        assert told.value.refusal.allowed_when == f"办理“{event}”，文书随之编号存档"
    service.issue(clerk, "panlong", number, "receipt")
    assert [one.kind for one in kept(town, number)] == ["receipt"]


def test_event_whose_letter_is_not_the_one_that_was_seen_is_stale_and_writes_nothing(
    town: Town,
) -> None:
    number, staff = town.file().number, town.staff("lifang")
    said = {"on": "2024-03-04", "defects": ["请写明年度"]}
    with pytest.raises(Stale):
        town.moving.apply(staff, number, "require_correction", said, paper="0" * 64)
    assert kept(town, number) == []
    assert town.reading.case(staff, number).state != "awaiting_correction"
    seen = letters(town).compose(
        staff, "panlong", number, "correction_notice", "require_correction", lambda _: said
    )
    town.moving.apply(staff, number, "require_correction", said, paper=seen.letter.paper_hash)
    assert [one.hash for one in kept(town, number)] == [seen.letter.paper_hash]


def test_kept_letter_is_not_issued_again_and_a_reply_never_by_hand(leaders: Town) -> None:
    number, service, clerk = leaders.file().number, letters(leaders), leaders.staff("lifang")
    service.issue(clerk, "panlong", number, "receipt")
    with pytest.raises(Refused, match="已经出具"):
        service.issue(clerk, "panlong", number, "receipt")
    with pytest.raises(NotPossible):
        service.issue(clerk, "panlong", number, "termination")
    approved(leaders, number)
    with pytest.raises(Refused, match="已经出具"):
        service.issue(clerk, "panlong", number, "reply")
    assert [one.kind for one in kept(leaders, number)] == ["receipt", "reply"]


def test_number_of_an_entry_taken_back_is_void(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    town.act("lifang", number, "correct_entry", "2024-03-06", seq=kept(town, number)[0].seq, fields={"taken_back": True},
             reason="登记在别的件上", second_person="chen")  # fmt: skip
    (mine,) = kept(town, number)
    assert mine.void
    with town.office.store.read() as unit:
        (row,) = numbers_of(unit)
    assert row.void_reason == "登记已撤销：登记在别的件上"


def test_entry_put_right_gives_a_new_version_with_the_same_number(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    town.act("lifang", number, "correct_entry", "2024-03-06", seq=kept(town, number)[0].seq, fields={"defects": ["请写明月份"]},
             reason="登记有误", second_person="chen")  # fmt: skip
    first, second = kept(town, number)
    assert (first.number, first.version, second.version) == (second.number, 1, 2)
    letter = letters(town).draft(None, "panlong", number, "correction_notice")
    assert "请写明月份" in "".join(letter.texts())


# -- the reply ----------------------------------------------------------------------------------------


def test_signature_keeps_the_reply_with_number_and_day(leaders: Town) -> None:
    number = leaders.file().number
    approved(leaders, number)
    (mine,) = kept(leaders, number)
    assert (mine.kind, mine.number) == ("reply", "盘政公开答〔2024〕1号")
    leaders.act("lifang", number, "serve", "2024-03-14", method="direct")
    assert len(kept(leaders, number)) == 1
    letter = letters(leaders).draft(None, "panlong", number, "reply")
    assert (letter.day.isoformat(), letter.number) == ("2024-03-12", mine.number)


def test_signature_of_another_paper_than_was_seen_is_stale_and_writes_nothing(
    leaders: Town,
) -> None:
    number = leaders.file().number
    with pytest.raises(Stale):
        approved(leaders, number, paper="0" * 64)
    assert kept(leaders, number) == []
    seen = letters(leaders).draft(None, "panlong", number, "reply").paper_hash
    staff = leaders.staff("lingdao")
    leaders.moving.apply(staff, number, "approve", {"on": "2024-03-12", "paper": seen})
    assert kept(leaders, number)[0].hash == seen


def test_signature_taken_back_voids_the_number_and_the_next_one_is_new(leaders: Town) -> None:
    number = leaders.file().number
    approved(leaders, number)
    (mine,) = kept(leaders, number)
    leaders.act("lifang", number, "correct_entry", "2024-03-13", seq=mine.seq, fields={"taken_back": True},
                reason="误点", second_person="chen")  # fmt: skip
    with leaders.office.store.read() as unit:
        service = letters(leaders)
        row, case = service._case(unit, None, "panlong", number)
        here = service.keeping.current(unit, row, case, "reply")
        assert here is not None and here.kept is None
        assert [(one.kind, one.seq) for one in store.versions_of(unit, row.id)] == [
            ("reply", mine.seq)
        ]
    leaders.act("lingdao", number, "approve", "2024-03-13")
    first, second = kept(leaders, number)
    assert (first.void, second.void, second.number[-3:]) == (True, False, "〕2号")


# -- verify -------------------------------------------------------------------------------------------


def spoil(town: Town, statement: str) -> list[str]:
    """What verify says once a statement was run behind its back."""
    from sqlalchemy import text

    with town.office.store.engine.begin() as connection:
        connection.execute(text(statement))
    return [one.message for one in verify(town.office)]


@pytest.mark.tampering(reason="each test spoils what is kept of a letter")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE letter SET hash = 'f' || substr(hash, 2) WHERE version = 1 AND hash NOT LIKE 'f%'", "校验值不符"),
        ("UPDATE letter SET seq = 99 WHERE id = 1", "日志第 99 条不存在"),
        ("UPDATE letter_number SET n = 7 WHERE id = 1", "文号缺号：最大为 7 号"),
        ("UPDATE letter_number SET kind = 'receipt' WHERE id = 1", "另一份文书的"),
        ("UPDATE letter SET number_id = NULL", "没有文书"),
        ("UPDATE letter SET sealed = (SELECT sealed FROM letter WHERE id = 2) WHERE id = 1", "校验值不符"),
        ("UPDATE letter SET source = 'scan' WHERE id = 1", "与上传的文件不符"),
    ],
)  # fmt: skip
def test_verify_holds_the_letters_to_their_book_and_content(
    town: Town, statement: str, told: str
) -> None:
    for _ in range(2):
        corrected(town, town.file().number)
    (first, *_) = kept(town, "2024-0001")
    service, clerk = letters(town), town.staff("lifang")
    content = service.opened(clerk, "panlong", "2024-0001", first.id, "docx").content
    service.bring_back(clerk, "panlong", "2024-0001", "correction_notice", "", "a.docx", content)
    assert verify(town.office) == []
    found = spoil(town, statement)
    assert any(told in one for one in found), found
