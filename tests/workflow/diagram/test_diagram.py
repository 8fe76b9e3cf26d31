"""The machine drawn and written out: all of the table, and nothing that is not in it."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner

from config.law import Law, LawTableError, Outcome, SettingRule, State, Transition, load_law
from gongkai import main
from tests.examples import DOCS
from workflow.case.guards import GUARDS
from workflow.case.machine import START
from workflow.diagram import (
    Way,
    documents,
    graph_of,
    mermaid_text,
    svg_text,
    transitions_text,
    way_of,
)
from workflow.diagram.documents import REMAKE
from workflow.diagram.layout import lay_out

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def law() -> Law:
    return load_law()


def law_with(law: Law, states: list[State], rows: Mapping[str, Transition]) -> Law:
    known = {**law.states, **{state.name: state for state in states}}
    return replace(law, states=known, transitions={**law.transitions, **rows})


def row(law: Law, event: str, sources: list[str], to: str, **changed: object) -> Transition:
    """A further row of the table, as somebody might add one."""
    like = law.transitions["assign"]
    return replace(
        like, event=event, label=f"事项{event}", sources=tuple(sources), to=to, **changed
    )


def grown(law: Law) -> Law:
    """The law with a state more on each side and arrows that go far."""
    return law_with(
        law,
        [
            State("appraisal", "待鉴定", "running"),
            State("awaiting_consent", "待申请人同意", "waiting"),
            State("moved", "已移交", "done"),
        ],
        {
            "甲": row(law, "甲", ["processing", "drafted"], "appraisal"),
            "乙": row(law, "乙", ["appraisal"], "registered"),
            "丙": row(law, "丙", ["appraisal"], "awaiting_consent"),
            "丁": row(law, "丁", ["awaiting_consent"], "closed"),
            "戊": row(law, "戊", ["awaiting_consent"], "ready", by=("applicant",)),
            "己": row(law, "己", ["awaiting_reasons"], "awaiting_correction"),
            "庚": row(law, "庚", ["awaiting_correction"], "moved"),
            "辛": row(law, "辛", ["served"], "processing"),
            "壬": row(law, "壬", ["registered"], "processing"),
        },
    )


def arrows_of(law: Law) -> set[tuple[str, str, str]]:
    """(from, to, event's label) of every arrow that a reader must find."""
    graph = graph_of(law)
    return {
        (source, one.leads(source), one.label)
        for one in law.transitions.values()
        if one not in graph.everywhere
        for source in one.sources
        if one.leads(source) != source
    }


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()).strip() for one in Xml.fromstring(svg).iter(f"{SVG}text")]


# -- mermaid ------------------------------------------------------------------------------------------


def test_mermaid_has_every_state_and_nothing_else(law: Law) -> None:
    text = mermaid_text(law)
    named = dict(re.findall(r'^ +state "(.+)" as (\w+)$', text, re.M))
    assert named == {state.label: name for name, state in law.states.items()}
    used = re.findall(r"^ +(\S+) --> (\S+)", text, re.M)
    used += [(name, name) for name in re.findall(r"^ +note (?:left|right) of (\w+)$", text, re.M)]
    assert {name for pair in used for name in pair} <= {*law.states, "[*]"}


@pytest.mark.parametrize("grow", [False, True], ids=["the law", "a grown law"])
def test_mermaid_draws_every_arrow_of_the_table_once(law: Law, grow: bool) -> None:
    law = grown(law) if grow else law
    drawn = [
        (START if source == "[*]" else source, target, label)
        for source, target, labels in re.findall(
            r"^ +(\S+) --> (\S+) : (.+)$", mermaid_text(law), re.M
        )
        for label in labels.split("、")
    ]
    assert len(drawn) == len(set(drawn)) and set(drawn) == arrows_of(law)


def test_mermaid_names_every_event_and_no_other(law: Law) -> None:
    lines = mermaid_text(law).splitlines()
    named = [line.split(" : ")[1] for line in lines if " : " in line]
    named += [line.split("本状态内：")[1] for line in lines if "本状态内：" in line]
    named += [line.split("：")[0].strip() for line in lines if "都可以办理" in line]
    events = {label for part in named for label in part.split("、")}
    assert events == {row.label for row in law.transitions.values()}


def test_mermaid_marks_only_the_state_asked_for(law: Law) -> None:
    assert "present" not in mermaid_text(law)
    assert re.findall(r"class (\w+) present", mermaid_text(law, "approval")) == ["approval"]
    with pytest.raises(LawTableError, match="no state named nowhere"):
        mermaid_text(law, "nowhere")


# -- the picture --------------------------------------------------------------------------------------


def test_the_picture_is_xml_that_a_strict_policy_lets_through(law: Law) -> None:
    root = Xml.fromstring(svg_text(law))
    assert root.tag == f"{SVG}svg"
    for one in root.iter():
        assert one.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject")
        assert not [name for name in one.attrib if name == "style" or name.startswith("on")]


def test_the_picture_has_every_state_and_every_event(law: Law) -> None:
    said = "\n".join(texts(svg_text(law)))
    for state in law.states.values():
        assert state.label in said
    for one in law.transitions.values():
        assert one.label in said


def test_the_picture_is_described_for_those_who_do_not_see_it(law: Law) -> None:
    root = Xml.fromstring(svg_text(law, Way("ready")))
    ids = {one.get("id"): one.text or "" for one in root if one.get("id")}
    title, described = (ids[name] for name in root.get("aria-labelledby", "").split())
    assert root.get("role") == "img" and title == "申请办理流程图"
    assert "当前状态：待送达" in described


def test_the_picture_marks_the_present_state_in_colour_and_words(law: Law) -> None:
    for name, state in law.states.items():
        root = Xml.fromstring(svg_text(law, Way(name)))
        (marked,) = [one for one in root.iter(f"{SVG}g") if one.get("class") == "present"]
        words = [one.text for one in marked.iter(f"{SVG}text")]
        assert state.label in words and "当前状态" in words
        others = [one for one in root.iter(f"{SVG}g") if one.get("class") == "state"]
        colours = {one.find(f"{SVG}rect").get("fill") for one in others}
        assert marked.find(f"{SVG}rect").get("fill") not in colours
    assert "当前状态" not in svg_text(law)
    with pytest.raises(LawTableError, match="no state named nowhere"):
        svg_text(law, Way("nowhere"))


def test_the_picture_marks_what_the_case_has_passed(law: Law) -> None:
    way = way_of(law, ["submit", "receive", "require_correction", "correct", "extend", "assign"])
    assert way.present == "processing"
    assert ("awaiting_correction", "registered") in way.steps
    root = Xml.fromstring(svg_text(law, way))
    passed = {
        one.findtext(f"{SVG}text") for one in root.iter(f"{SVG}g") if one.get("class") == "passed"
    }
    assert passed == {"待确认", "已登记", "待补正"}
    assert texts(svg_text(law, way)).count("✓ 已经过") == 3


@pytest.mark.parametrize("grow", [False, True], ids=["the law", "a grown law"])
def test_boxes_lie_apart_and_within_the_picture(law: Law, grow: bool) -> None:
    picture = lay_out(graph_of(grown(law) if grow else law))
    boxes = list(picture.boxes.values())
    for number, one in enumerate(boxes):
        assert one.x >= 0 and one.x + one.w <= picture.width
        assert one.y >= 0 and one.y + one.h <= picture.height
        for other in boxes[number + 1 :]:
            apart = (
                one.x + one.w < other.x
                or other.x + other.w < one.x
                or one.y + one.h < other.y
                or other.y + other.h < one.y
            )
            assert apart, (one.state, other.state)


@pytest.mark.parametrize("grow", [False, True], ids=["the law", "a grown law"])
def test_every_arrow_touches_its_two_boxes_and_runs_through_no_other(law: Law, grow: bool) -> None:
    law = grown(law) if grow else law
    picture = lay_out(graph_of(law))
    drawn = {
        (line.source, line.target, label)
        for line in picture.lines
        for label in line.label.split("、")
    }
    told = {
        (box.state, state.name, small.split(" → ")[0])
        for box in picture.boxes.values()
        for small in box.small
        for state in law.states.values()
        if small.endswith(f" → {state.label}")
    }
    assert drawn | told == arrows_of(law) and not drawn & told
    for line in picture.lines:
        for state, (x, y) in ((line.source, line.points[0]), (line.target, line.points[-1])):
            box = picture.boxes[state]
            assert box.x - 1 <= x <= box.x + box.w + 1 and box.y - 1 <= y <= box.y + box.h + 1
        for (ax, ay), (bx, by) in zip(line.points, line.points[1:], strict=False):
            assert ax == bx or ay == by or abs(ay - by) < 1, line
            for box in picture.boxes.values():
                if box.state in (line.source, line.target):
                    continue
                beside = max(ax, bx) <= box.x or min(ax, bx) >= box.x + box.w
                above = max(ay, by) <= box.y or min(ay, by) >= box.y + box.h
                assert beside or above, (line, box)


# -- in words -----------------------------------------------------------------------------------------


def cells(text: str) -> dict[str, list[str]]:
    """The lines of all tables by the code in their first cell."""
    found = {}
    for line in text.splitlines():
        code = re.match(r"\| [^|]*（`(\w+)`）", line)
        if code:
            found[code[1]] = [cell.strip() for cell in line.strip("|").split(" | ")]
    return found


def test_every_row_of_the_tables_has_its_line(law: Law) -> None:
    lines = cells(transitions_text(law))
    expected = {*law.transitions, *law.outcomes, *law.settings}
    assert set(lines) == expected
    assert len(transitions_text(law).splitlines()) >= len(expected)


def test_a_line_says_the_whole_row(law: Law) -> None:
    lines = cells(transitions_text(law))
    for event, one in law.transitions.items():
        line = lines[event]
        assert line[1].count("、") == len(one.sources) - 1
        for role in one.by:
            assert law.words.roles[role] in line[3]
        for guard in one.guards:
            assert GUARDS[guard].sentence in line[4]
        assert one.basis == line[7] and f"{one.holds_from.year} 年" in line[8]
    assert lines["extend"][2] == "不变" and lines["extend"][5:7] == ["延长期限", "延期答复告知书"]
    assert "2024 年 1 月 1 日起：应当先申请行政复议" in lines["state_secret"][5]
    row_and_setting = lines["not_government_information"][3]
    assert row_and_setting.startswith(law.formats.groups["other"])
    assert law.formats.rows["2021"]["other_misc"] in row_and_setting
    assert f"按设置“{law.settings['not_gov_info_row'].label}”" in row_and_setting
    assert lines["correction_period_days"][1] == "15"


def test_no_english_word_stands_in_a_chinese_cell(law: Law) -> None:
    for code, line in cells(transitions_text(law)).items():
        for cell in line:
            plain = cell.replace(f"（`{code}`）", "").replace("<br>", "")
            plain = re.sub(r"\{\w+\}", "", plain)  # a place within the pattern of a number
            assert not re.search(r"[a-z]{3,}", plain), (code, cell)


def test_no_column_of_the_law_is_left_out() -> None:
    """A new field of a row must get its column in workflow/diagram/written.py, then stand here."""
    written = {
        # routine concerns `gongkai replay` only.
        Transition: "event label sources to by guards clock basis holds_from routine letter button doing"
        " purpose confirm awaited public fields hints seldom keeps follows free mark news then",
        Outcome: "code cls label basis row needs also remedy setting set_by holds_from",
        # aliases are spellings of the same values in docket files.
        # group, max_length and derived concern the page 设置.
        SettingRule: "name label type default why values optional aliases group max_length derived most",
    }
    for kind, names in written.items():
        assert {one.name for one in fields(kind)} == set(names.split()), kind


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"clock": "rewind"}, "clock effect rewind of assign"),
        ({"letter": "postcard"}, "letter postcard of assign"),
        ({"by": ("passer_by",)}, "role passer_by of assign"),
    ],
)
def test_a_word_without_chinese_is_refused(
    law: Law, changed: dict[str, object], named: str
) -> None:
    odd = replace(law.transitions["assign"], **changed)
    with pytest.raises(LawTableError, match=named):
        transitions_text(law_with(law, [], {"assign": odd}))


# -- docs/ and the command ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(documents(load_law())))
def test_docs_are_what_the_tables_say_now(law: Law, name: str) -> None:
    there = (DOCS / name).read_text(encoding="utf-8")
    assert there == documents(law)[name], f"docs/{name} is out of date: run `{REMAKE}`"


def test_the_command_prints_each_form(law: Law) -> None:
    run = CliRunner().invoke
    assert run(main, ["machine"]).output == mermaid_text(law)
    assert run(main, ["machine", "--format", "svg"]).output == svg_text(law)
    assert run(main, ["machine", "--format", "table"]).output == transitions_text(law) + "\n"
    marked = run(main, ["machine", "--format", "svg", "--present", "served"])
    assert marked.exit_code == 0 and marked.output == svg_text(law, Way("served"))
    assert run(main, ["machine", "--present", "nowhere"]).exit_code == 2
    assert run(main, ["machine", "--format", "table", "--present", "served"]).exit_code == 2


def test_the_command_makes_the_files_of_docs(law: Law, tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["machine", "--docs", str(tmp_path)]).exit_code == 0
    made = {
        str(path.relative_to(tmp_path)): path.read_text(encoding="utf-8")
        for path in tmp_path.rglob("*.*")
    }
    assert made.pop("commands.md").startswith("<!-- Made from the commands")
    of_the_api = {"api.md", "api-reference.zh.md", "api-promised.txt"}  # tests/webui/api
    assert of_the_api <= set(made)
    assert {name: made.get(name) for name in documents(law)} == documents(law)
    assert len(made) == len(documents(law)) + len(of_the_api)
