"""The words of an event stand in its row of transitions.toml, and nowhere else."""

import re
from datetime import date

from config.law import load_law
from tests.examples import DOCS
from webui import wording
from workflow import events as ev
from workflow.case.public import said

LAW = load_law()
ROOT = DOCS.parent
LITERAL = re.compile(r"(?<=[\"\'>])[^\"\'<>{}\n]+(?=[\"\'<])")
SHORT = 4
"""Shorter labels (签发, 归档, 作废) are words of the language, too."""
ALSO_OTHERS = {
    "提交申请": "the button of the applicant's form, which is no event yet",
    "撤回申请": "the button of the applicant's page",
    "提出拟办意见": "part of a sentence",
    "请说明理由": "beside 请补正 and 请缴费 in an applicant's list: what is to be done in that state",
}


def words_of_events() -> set[str]:
    found: set[str] = set()
    for row in LAW.transitions.values():
        found |= {row.label, row.button, row.doing, row.purpose or "", row.awaited or ""}
        found |= {*row.public, *row.hints.values(), *row.fields.values()}
    return {words for words in found if len(words) > SHORT}


def test_every_event_has_its_words_and_every_field_its_title() -> None:
    for event in ev.MODELS:
        row = LAW.transitions[event]
        assert row.label and row.button and row.doing
        assert all(ev.field_title(event, field) for field in ev.fields_of(event))


def test_words_of_events_stand_nowhere_else() -> None:
    words, again = words_of_events(), []
    for folder in ("workflow", "webui", "notifications"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix not in (".py", ".html", ".js") or "migrations" in path.parts:
                continue
            literals = set(LITERAL.findall(path.read_text(encoding="utf-8")))
            again += [f"{path.name}: {one}" for one in literals & words if one not in ALSO_OTHERS]
    assert again == []


def test_public_text_says_what_is_known() -> None:
    fee = LAW.transitions["charge_fee"].public
    assert said(fee, {}) == "通知缴费"
    assert said(fee, {"amount": "150"}) == "请缴纳信息处理费 150 元"
    assert said(fee, {"amount": "150", "due": "2024 年 4 月 1 日"}).endswith("逾期不缴，不再处理")
    correction = LAW.transitions["require_correction"].public
    assert said(correction, {}) == "请补正"
    assert said(correction, {"defects": "名称；用途"}) == "请补正：名称；用途"
    assert said(LAW.transitions["approve"].public, {}) == ""


def test_numbers_in_words_come_from_the_periods() -> None:
    purpose = LAW.transitions["extend"].purpose or ""
    assert LAW.filled(purpose, date(2024, 1, 2)) == "以一次为限，最多 20 个工作日"


def test_a_way_that_a_proposal_names_in_free_words_stands_as_it_was_written() -> None:
    place = "县信访局接待窗口，电话 0876-0000000"
    assert wording.said_value("propose_outcome", "channel", place) == place
    assert wording.said_value("submit", "channel", "portal") != "portal"
