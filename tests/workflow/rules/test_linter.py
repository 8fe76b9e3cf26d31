"""The law linter: what old templates still say, and that ours do not (practice.md §7, 19)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

import config.law
from config.law import load_law
from workflow.rules.linter import lint

LAW = load_law()
ROOT = Path(config.law.__file__).parents[2]
TODAY = date(2026, 11, 23)

OLD: dict[str, list[str]] = {
    "three_needs": ["根据自身生产、生活、科研等特殊需要", "生产生活科研需要", "不符合“三需要”"],
    "fifteen_workdays": ["自收到申请之日起 15 个工作日内予以答复", "十五个工作日内答复", "延长答复的期限最长不得超过15个工作日", "延长15个工作日答复", "延长期限不超过15个工作日", "15 个工作日的延长期限"],
    "three_months": ["3 个月内向人民法院提起行政诉讼", "三个月内直接向有管辖权的法院起诉"],
    "superior_department": ["向上一级主管部门或者同级人民政府申请行政复议", "向砚山县人民政府或者上级主管部门申请复议", "可以向其上一级行政主管部门申请行政复议", "向本级人民政府或上一级主管部门申请行政复议"],
    "old_order": ["《条例》（国务院令第492号）", "国务院令 492 号", "第492号令"],
    "old_articles": ["《政府信息公开条例》第二十一条第（三）项", "政府信息公开条例第二十四条第二款", "《中华人民共和国政府信息公开条例》第二十一条第(一)项"],
    "silence_refuses": ["逾期未答复视为不同意公开", "逾期不答复的，视为不同意", "第三方未提出意见的，视为不同意"],
    "silence_consents": ["第三方逾期不答复视为同意公开", "未提出意见的，视为同意"],
    "judicial_2011": ["依据法释〔2011〕17号第五条", "《最高人民法院关于审理政府信息公开行政案件若干问题的规定》第二条"],
    "petition_regulation": ["请依照《信访条例》提出", "按信访条例第十六条提出"],
    "review_law_articles": ["依据《行政复议法》第九条，自收到本答复之日起六十日内提出", "根据行政复议法第十二条向本级人民政府申请", "《中华人民共和国行政复议法》第15条规定的复议机关"],
    "secrecy_law_articles": ["依照《保密法》第十三条的定密权限", "按《中华人民共和国保守国家秘密法》第二十七条进行保密审查"],
    "review_regulation": ["《行政复议法实施条例》第二十八条", "行政复议法实施条例第15条"],
    "either_remedy": ["决定不予公开。您可以申请行政复议或者提起行政诉讼", "逾期不答复的，可以依法申请行政复议，或者向人民法院提起行政诉讼"],
    "costs": ["邮寄费由申请人承担", "复制费每页0.5元", "可以收取检索、复制、邮寄等成本费用"],
}  # fmt: skip
NEAR: dict[str, list[str]] = {
    "three_needs": ["2023年安全生产、生活垃圾处理的需要", "科研需要的设备采购合同", "您在申请书中写明：“自身生产、生活、科研等特殊需要”"],
    "fifteen_workdays": ["第三方应当自收到征求意见书之日起 15 个工作日内提出意见", "20 个工作日内予以答复", "自收到本征求意见书之日起15个工作日内答复", "应当在15个工作日内提出意见", "收到收费通知次日起20个工作日内缴费", "收到复议决定书之日起15日内向人民法院起诉", "延长答复期限 20 个工作日"],
    "three_months": ["6 个月内向人民法院提起行政诉讼", "公示三个月内无异议"],
    "superior_department": ["报请上级主管部门确定", "向砚山县人民政府申请行政复议"],
    "old_order": ["国务院令第711号", "建函第492号", "《政府信息公开条例》（2007年国务院令第492号）第二十四条"],
    "old_articles": ["《政府信息公开条例》第二十条第（三）项", "《政府信息公开条例》第三十三条第二款", "行政复议法第二十四条第二款"],
    "silence_refuses": ["逾期未答复的，由本机关自行决定", "共同制作机关逾期未答复，视为同意公开"],
    "silence_consents": ["共同制作机关逾期未答复，视为同意公开", "超过内部时限不视为同意"],
    "judicial_2011": ["法释〔2025〕8号第五条", "《最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释》"],
    "petition_regulation": ["请依照《信访工作条例》提出", "《云南省信访条例》第三条"],
    "review_law_articles": ["依据《行政复议法》第二十条，自收到本答复之日起六十日内提出", "《行政复议法》第十二条规定的事项", "《行政复议法（2017年修正）》第九条的申请期限"],
    "secrecy_law_articles": ["依照《保密法》第十七条的定密权限", "《保密法》第二十七条"],
    "review_regulation": ["依照《行政复议法实施条例》的规定", "《行政复议法实施条例》（2007年）第二十八条"],
    "either_remedy": ["可以申请行政复议或者提起行政诉讼", "决定不予公开。应当先申请行政复议，对复议决定不服的，再提起行政诉讼"],
    "costs": ["不收取检索、复制、邮寄等费用", "信息处理费", "不再收取检索、复制、邮寄等成本费用"],
}  # fmt: skip


def names(text: str, on: date = TODAY) -> list[str]:
    return [hit.name for hit in lint(text, LAW, on)]


def test_every_row_has_texts_that_hit_and_texts_that_miss() -> None:
    assert set(OLD) == set(NEAR) == set(LAW.outdated)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in OLD.items() for t in texts])
def test_outdated_phrase_is_found_with_what_holds_now(name: str, text: str) -> None:
    (hit,) = lint(text, LAW, TODAY)
    assert hit.name == name
    assert hit.found in text.replace(" ", "")
    assert hit.message and hit.article


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in NEAR.items() for t in texts])
def test_phrase_that_only_looks_outdated_is_left_alone(name: str, text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize("name", OLD)
def test_phrase_is_outdated_from_the_day_of_the_new_law(name: str) -> None:
    first = LAW.outdated[name].holds_from
    assert name in names(OLD[name][0], first)
    assert name not in names(OLD[name][0], first - timedelta(1))


def test_phrase_over_a_line_break_is_found() -> None:
    assert names("国务院令\n第 492 号") == ["old_order"]


OUR_TEXTS = sorted(
    path
    for folder, ending in (("webui/templates", "html"), ("config/law", "toml"), ("workflow", "py"))
    for path in (ROOT / folder).rglob(f"*.{ending}")
    if path.name != "outdated.toml"
)


@pytest.mark.parametrize("path", OUR_TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_of_our_own_is_outdated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [(hit.name, hit.found) for hit in lint(text, LAW, TODAY)] == []
