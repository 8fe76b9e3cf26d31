"""Searching on the pages of the desk: what is found, where it stands, and what nobody may find."""

import re
from io import BytesIO

import pytest
from sqlalchemy import delete

import webui.desk.search
from tests.bench.test_event_work import WAY, filled
from tests.samples import docx, pdf, runs
from tests.webui.filing import CITIZEN, file
from workflow.case.terms import words_of
from workflow.service.installation import SEARCH, complete_search, migrate_office
from workflow.store.dialect_index import clear_index
from workflow.store.file_models import FileTextRow
from workflow.store.models import CaseRow
from workflow.store.search import matching


def _look(person, words: str):
    return person.get("/desk/search").send("/desk/search", q=words)


def _numbers(visitor) -> list[str]:
    return re.findall(r'<span class="num">(\d{4}-\d{4,})</span>', visitor.html)


def _places(visitor) -> list[str]:
    """Place and snippet of every hit, marks as brackets."""
    found = re.findall(r'<p><span class="muted small">(.*?)</p>', visitor.html)
    marked = (one.replace("<mark>", "[").replace("</mark>", "]") for one in found)
    return [re.sub(r"<[^>]+>", "", one) for one in marked]


@pytest.fixture
def two(visitor) -> None:
    """Two applications, of different people and in different words."""
    file(visitor, items="青石采石场矿山地质环境保护与土地复垦方案\nＡＢＣ检查记录第３６号")
    file(visitor, {**CITIZEN, "name": "何秀兰", "id_number": "110105194912310038",
                   "phone": "0876-3120000"}, items="农村公路养护合同")  # fmt: skip


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("采石场", ["2024-0001"]),
        ("复垦　采石场", ["2024-0001"]),
        ("abc", ["2024-0001"]),
        ("ＡＢＣ", ["2024-0001"]),
        ("36", ["2024-0001"]),
        ("矿", ["2024-0001"]),
        ("场", ["2024-0001"]),
        ("案", ["2024-0001"]),
        ("何秀兰", ["2024-0002"]),
        ("何秀兰 养护", ["2024-0002"]),
        ("养护 采石场", []),
        ("石矿", []),
        ("秀兰合同", []),
        ("3", []),
        ("２０２４—０００２", ["2024-0002"]),
        ("20240002", ["2024-0002"]),
        ("2024-2 合同", ["2024-0002"]),
        ("依申请〔2024〕2号", ["2024-0002"]),
        ("编号：2024年第2号", ["2024-0002"]),
        ("110105194912310038", ["2024-0002"]),
        ("1101 0519 4912 3100 38", ["2024-0002"]),
        ("0876-3120000", ["2024-0002"]),
        ("０８７６３１２００００", ["2024-0002"]),
        ("13800000000", ["2024-0001"]),
        ("1380000000", []),
        ("11010519491231003", []),
        ('"采石场" OR *', []),
    ],
)
def test_every_writing_of_a_word_finds_its_cases(staff, two, words, numbers) -> None:
    assert _numbers(_look(staff("lifang"), words)) == numbers
    assert ("没有找到" in staff("lifang").text) is (numbers == [])


def test_a_hit_tells_where_it_stands_and_marks_the_words(staff, two) -> None:
    clerk = _look(staff("lifang"), "复垦 青石")
    assert _places(clerk) == ["申请内容第 1 项：[青石]采石场矿山地质环境保护与土地[复垦]方案"]
    assert "1 处，在 1 件申请里" in clerk.text and "张某 · 2024 年 5 月 6 日收到" in clerk.text
    assert _places(_look(clerk, "秀兰")) == ["申请人：何[秀兰]"]
    [said] = _places(_look(clerk, "0876-3120000"))
    assert said.startswith("申请人：证件号码、电话") and "3120000" not in clerk.html.split("<ol")[1]
    for written in ("2024-0001", "20240001", "〔2024〕1 号", "２０２４　０００１"):
        assert _places(_look(clerk, written)) == ["编号：[2024-0001]"]


def test_no_address_bears_what_was_typed_and_everybody_has_their_own(staff, two) -> None:
    clerk = _look(staff("lifang"), "何秀兰")
    address = clerk.page.request.full_path
    assert clerk.path == "/desk/search" and "%" not in address and len(address) < 250
    assert _numbers(clerk.get(address)) == ["2024-0002"], "again, and after going back"
    assert 'value="何秀兰"' in clerk.html
    other = staff("zhaoming").get(address)
    assert (
        other.status == 404 and "这个查找地址不是您的" in other.text and "何秀兰" not in other.text
    )
    for wrong in ("x", "AAAA", address.partition("=")[2][:-4], "%E4%BD%95"):
        assert clerk.get(f"/desk/search?s={wrong}").status == 404


def test_the_list_of_cases_searches_without_a_name_in_its_address(staff, two) -> None:
    clerk = staff("lifang").get("/desk/cases?state=registered")
    clerk.send("/desk/search", q="何秀兰")
    assert clerk.path == "/desk/cases" and "state=registered" in clerk.page.request.full_path
    assert "%" not in clerk.page.request.full_path
    assert re.findall(r'class="num">(2024-\d+)</span> ·', clerk.html) == ["2024-0002"]
    assert 'value="何秀兰"' in clerk.html


def test_where_texts_lie_sealed_a_single_character_is_told_not_to_find_them(
    staff, visitor, office, monkeypatch
) -> None:
    assert "加密保存" not in staff("lifang").get("/desk/search").text
    monkeypatch.setattr(office.keys, "seals_words", True)
    file(visitor, items="青石采石场矿山地质环境保护与土地复垦方案")
    clerk = staff("lifang").get("/desk/search")
    assert "申请内容、姓名和办理记录是加密保存的，写两个字以上才查得到" in clerk.text
    clerk = _look(clerk, "矿")
    assert "“矿”只有一个字，只在编号和文号里查" in clerk.text and _numbers(clerk) == []
    clerk = _look(clerk, "石场矿山")
    assert _numbers(clerk) == ["2024-0001"] and "只有一个字" not in clerk.text
    assert _places(clerk)[0].startswith("申请内容：") and "[石场矿山]" in _places(clerk)[0]


def test_nothing_typed_is_told_at_the_field(staff) -> None:
    for words in ("", "　", "……"):
        page = _look(staff("lifang"), words)
        assert page.status == 422 and "请填写要找的字" in page.text
        assert 'aria-invalid="true"' in page.html


def test_what_is_not_looked_for_is_told(staff, two) -> None:
    clerk = _look(staff("lifang"), "矿")
    assert "“矿”只有一个字，只在编号、申请内容" in clerk.text and _numbers(clerk) == ["2024-0001"]
    assert "只有一个字" not in _look(clerk, "采石 36 a").text
    clerk = _look(clerk, "青石 采石 石场 矿山 山地 地质 环境 保护 土地 复垦")
    assert "没有按后面的词查：土地、复垦。" in clerk.text and _numbers(clerk) == ["2024-0001"]
    assert "没有按后面的词查" not in _look(clerk, "青石 采石 石场 矿山 山地 地质 环境 保护").text
    clerk = _look(clerk, "采" * 101)
    assert clerk.status == 422 and "最多填写 100 个字" in clerk.text and "采" * 101 in clerk.html


def test_a_list_without_a_case_does_not_speak_of_words(staff) -> None:
    clerk = staff("lifang").get("/desk/cases")
    assert "还没有申请" in clerk.text and "没有找到" not in clerk.text
    assert "没有找到" in clerk.get("/desk/cases?state=registered").text
    assert "备注或者来件里的字" in clerk.get("/desk/search").text
    assert "或者备注里的字" in staff("wangqiang").get("/desk/search").text


def test_pages_lead_on_in_the_same_search(visitor, staff, monkeypatch) -> None:
    monkeypatch.setattr(webui.desk.search, "PER_PAGE", 2)
    for n in range(5):
        file(visitor, items=f"采矿许可证 {n}")
    clerk = _look(staff("lifang"), "采矿")
    seen = [_numbers(clerk)]
    while found := re.search(r'rel="next" href="([^"]+)"', clerk.html):
        seen.append(_numbers(clerk.get(found[1].replace("&amp;", "&"))))
    assert seen == [["2024-0005", "2024-0004"], ["2024-0003", "2024-0002"], ["2024-0001"]]
    assert "5 处，在 5 件申请里" in clerk.text and "第 3 页，共 3 页" in clerk.text


@pytest.fixture
def answered(visitor, staff) -> str:
    """A case on its way to its answer, with its letters and two files."""
    number, _ = file(visitor, items="养护合同\n竣工验收单")
    clerk = staff("lifang").get(f"/desk/cases/panlong/{number}")
    contract = docx(f"<w:body>{runs('北山采石场', '租赁协议')}</w:body>")
    clerk.send(
        f"/cases/panlong/{number}/files", kind="reply", file=(BytesIO(contract), "合同扫描.docx")
    )
    clerk.get(f"/desk/cases/panlong/{number}").send(
        f"/cases/panlong/{number}/files",
        kind="supplement",
        file=(BytesIO(pdf("补充：老城改造")), "说明.pdf"),
    )
    clerk.get(f"/desk/cases/panlong/{number}").send(
        f"/cases/panlong/{number}/files",
        kind="id_proof",
        file=(BytesIO(pdf("某街道 88 号")), "证件.pdf"),
    )
    for who, event, typed in WAY:
        page = staff(who).act(f"panlong/{number}", event, **filled(typed))
        assert "已登记" in page.text, (event, page.text[:300])
    return number


def test_letters_their_numbers_reasons_and_files_are_found(staff, answered) -> None:
    clerk = staff("lifang")
    for words, place in (
        ("历年纸质档案", "延长答复期限（延期理由）：需要查阅[历年纸质档案]"),
        ("档案室", "检索记录（检索的系统和场所）：[档案室]"),
        ("采石场", "答复及附件 合同扫描.docx：北山[采石场]租赁协议"),
        ("合同扫描", "答复及附件的名称：[合同扫描].docx"),
        ("老城改造", "补充材料 说明.pdf，第 1 页：补充：[老城改造]"),
    ):
        assert place in _places(_look(clerk, words)), _places(clerk)
    _look(clerk, "行政复议")
    assert any("第" in one and "段：" in one for one in _places(clerk)), _places(clerk)
    with_number = re.search(r"〔2024〕\d+号", clerk.get("/desk/letters").text)
    assert with_number
    written = with_number[0].translate(str.maketrans("〔〕0123456789", "[]０１２３４５６７８９"))
    assert any("的文号：" in one for one in _places(_look(clerk, written)))
    for words in ("街道", "证件"):
        assert _numbers(_look(clerk, words)) == [], "identity papers are not looked through"


def test_tabs_show_the_places_of_their_kind(staff, answered) -> None:
    clerk = _look(staff("lifang"), "合同")
    tabs = dict(re.findall(r">([^<>]+) <span class=\"num\">(\d+)</span></a>", clerk.html))
    assert int(tabs["全部"]) == sum(int(tabs[name]) for name in ("申请", "答复和文书", "附件"))
    assert int(tabs["附件"]) == 1 and int(tabs["申请"]) == 1 and int(tabs["答复和文书"]) >= 2
    clerk.get(
        "/desk/search?"
        + re.search(r'search\?(s=[^"]+tab=files)', clerk.html)[1].replace("&amp;", "&")
    )
    assert _places(clerk) == ["答复及附件的名称：[合同]扫描.docx"]
    assert "1 处，在 1 件申请里" in clerk.text


def test_who_need_not_know_the_applicant_finds_no_name_anywhere(visitor, staff, answered) -> None:
    file(visitor, {**CITIZEN, "name": "何秀兰", "id_number": "110105194912310038"},
         items="何秀兰的宅基地批复，电话 13800000000")  # fmt: skip
    reviewer = staff("wangqiang")
    for words in (
        "张三",
        "何秀兰",
        "110105194912310038",
        "13800000000",
        "秀兰",
        "老城改造",
        "说明",
    ):
        assert _numbers(_look(reviewer, words)) == [], words
    assert _numbers(_look(reviewer, "宅基地")) == ["2024-0002"]
    assert "何秀兰" not in reviewer.text and "13800000000" not in reviewer.text
    assert _places(reviewer) == ["申请内容：（申请人）的[宅基地]批复，电话 （申请人）"]
    assert _numbers(_look(reviewer, "采石场")) == [answered], "files of the answer are judged"
    assert _numbers(_look(staff("lifang"), "何秀兰 宅基地")) == ["2024-0002"]
    api = reviewer.get("/desk/cases?q=何秀兰")
    assert "2024-0002" not in api.text


def test_nobody_finds_cases_of_other_bodies_and_who_administers_finds_none(staff, two) -> None:
    assert _numbers(_look(staff("sunli"), "采石场")) == []
    assert _numbers(_look(staff("county"), "采石场")) == []
    guanli = staff("guanli").get("/desk/search")
    assert guanli.status == 403
    assert "查找" not in re.sub(r"<main.*", "", staff("guanli").get("/desk/staff").html, flags=re.S)


@pytest.mark.tampering(reason="nothing of what lies sealed may stand in the index")
def test_the_index_holds_no_word_of_what_lies_sealed(staff, answered, office) -> None:
    with office.store.read() as unit:
        case = unit.session.query(CaseRow).filter_by(number=answered).one()
        connection = unit.session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, search_index, row)"
            )
            said = [row[0] for row in connection.exec_driver_sql("SELECT term FROM temp.seen")]
            for (text,) in connection.exec_driver_sql("SELECT terms FROM search_index_new"):
                said += text.split()
        else:
            said = [row[0] for row in connection.exec_driver_sql(
                "SELECT word FROM ts_stat('SELECT terms FROM search_index')"
            )]  # fmt: skip
    assert case.request and {"养护", "历年"} <= set(said)
    for sealed in (
        "采石",
        "租赁",
        "老城",
        "复议",
        "13800000000",
        "11010519491231002x",
        "街道",
        "扫描",
    ):
        assert sealed not in said, sealed
    assert any(one.startswith("§") for one in said)


LOOKED_FOR = (
    "合同", "养护", "采石场", "老城改造", "档案室", "行政复议", "张三", "13800000000", "说明", "1号",
    "11010519491231002X", "矿", "历年 档案", "2024-0001",
)  # fmt: skip


def test_an_index_made_anew_says_the_same_and_an_older_store_gets_it(
    staff, answered, office
) -> None:
    file_text = FileTextRow.__table__

    def found() -> dict[str, list[int]]:
        with office.store.read() as unit:
            body = unit.agency("panlong").id
            return {
                words: matching(unit, office.keys, {body: range(8)}, words_of(words)).texts
                for words in LOOKED_FOR
            }

    before = found()
    assert all(texts for words, texts in before.items() if words != "矿")
    complete_search(office)
    assert found() == before
    with office.store.write() as unit:
        clear_index(unit.connection)
        unit.session.execute(delete(file_text))
        unit.set_stamp(SEARCH, "0")
    assert not any(found().values())
    migrate_office(office)
    assert found() == before
    assert "答复及附件 合同扫描.docx：北山[采石场]租赁协议" in _places(
        _look(staff("lifang"), "采石场")
    )
    with office.store.write() as unit:
        clear_index(unit.connection)
    migrate_office(office)
    assert not any(found().values()), "what is whole is not made anew"
    migrate_office(office, search=True)
    assert found() == before
