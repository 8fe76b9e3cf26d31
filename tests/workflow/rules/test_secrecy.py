"""Classification marks are found however they are written; words about secrecy are left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import events as ev
from workflow.case.application import read_form
from workflow.case.machine import _texts
from workflow.refusal import BadInput
from workflow.rules.secrecy import bears_secret_mark

MARKS = (
    "绝密★30年",
    "机密★10年",
    "秘密★启封前",
    "秘密★长期",
    "机密★",
    "绝密★启用前",
    "机 密 ★ 10 年",
    "机密　★　１０年",
    "机\n密\n★\n2\n0\n年",
    "机密☆5年",
    "机密⭐️5年",
    "机密※5年",
    "秘密*5年",
    "秘密＊5年",
    "秘密﹡ 五年",
    "绝密级★20年",
    "★机密★",
    "★绝密",
    "機密★10年",
    "机\u200b密★10年",
    "国家秘密★10年",
    "附件：机密★6个月 某工程图",
    "密级：机密",
    "密级:绝密",
    "密 级 ： 秘 密",
    "【密级】机密",
    "密级：机密★10年",
    "保密级别：秘密\n关于某事的报告",
    "涉密等级：机密级",
    "文件密级：秘密  保密期限：5年",
    "密级\n机密\n关于某事的报告",
    "某某局文件\n编号 001\n密级：机密\n关于某事的报告",
    "密级：□绝密 ☑机密 □秘密",
)
PLAIN = (
    "",
    "国家秘密",
    "涉及国家秘密、商业秘密和个人隐私的信息",
    "保密审查",
    "工作秘密不属于国家秘密",
    "不属于国家秘密",
    "密级：无",
    "密级：公开",
    "密级：非密",
    "密级：内部",
    "密级：□绝密 □机密 □秘密",
    "密级：绝密□ 机密□ 秘密□ 无☑",
    "密级：绝密/机密/秘密",
    "密级\n绝密\n机密\n秘密",
    "国家秘密的密级分为绝密、机密、秘密三级",
    "绝密级国家秘密的保密期限不超过三十年，机密级不超过二十年，秘密级不超过十年",
    "★★★★★ 五星级饭店名单",
    "★国家秘密载体的管理",
    "要求公开：商业秘密★的认定标准",
    "一、保守秘密\n★ 二、依法公开",
    "不得泄露秘密\n★第二章",
    "随机密码 * 10 位",
    "机密性、完整性、可用性",
    "《保守国家秘密法》第二十一条",
    "经保密审查，该信息属于机密级国家秘密，由县委办公室定密",
    "商业秘密*的范围",
    "2023年度秘密工作经费决算",
)


@pytest.mark.parametrize("text", MARKS)
def test_a_mark_is_found(text):
    assert bears_secret_mark(text)
    assert bears_secret_mark(text, document=True)


@pytest.mark.parametrize("text", PLAIN)
def test_words_about_secrecy_are_no_mark(text):
    assert not bears_secret_mark(text)
    assert not bears_secret_mark(f"申请公开：{text}。")


@pytest.mark.parametrize(
    "line", ["机密", " 机 密 ", "绝密级", "秘密 10年", "【机密】关于某事的报告"]
)
def test_a_level_alone_at_the_head_marks_a_document_only(line):
    text = f"{line}\n关于某事的报告\n各科室："
    assert bears_secret_mark(text, document=True)
    assert not bears_secret_mark(text)


def test_a_label_deep_in_a_document_is_not_its_own():
    text = "\n".join(["说明"] * 60 + ["密级：机密"])
    assert not bears_secret_mark(text, document=True)


BLANKS = st.text(alphabet=" \u3000\t\n\u00a0\u200b", max_size=3)


@given(
    level=st.sampled_from(("绝密", "机密", "秘密")),
    star=st.sampled_from("★☆✩✮⭐※"),
    period=st.sampled_from(("10年", "３０年", "6个月", "长期", "启封前", "公布前", "二十年")),
    blanks=st.tuples(BLANKS, BLANKS, BLANKS),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
)
def test_no_blank_and_no_neighbour_hides_a_mark(level, star, period, blanks, before, after):
    mark = level[0] + blanks[0] + level[1] + blanks[1] + star + blanks[2] + period
    assert bears_secret_mark(before + mark + after)


ONE_LINE = st.sampled_from([text for text in PLAIN if "\n" not in text])


@given(st.lists(ONE_LINE, max_size=6), st.sampled_from(("，", "；", "。", "、")))
def test_sentences_of_plain_words_stay_plain(parts, joint):
    assert not bears_secret_mark("申请公开" + joint.join(parts))


@given(st.text(max_size=200), st.booleans())
def test_any_text_gets_an_answer(text, document):
    assert bears_secret_mark(text, document=document) in (True, False)


def test_the_form_refuses_a_mark_in_every_field():
    form = {
        "agency": "panlong",
        "applicant": {"kind": "citizen", "name": "张三", "id_type": "other", "id_number": "1",
                      "phone": "13800000000"},
        "request": "养护合同", "delivery": ["pickup"], "medium": ["paper"],
    }  # fmt: skip
    read_form(form, today=date(2024, 5, 6))
    for changed in ({"request": "机密★5年"}, {"assistance": "机密★5年"}, {"items": ["机密★5年"]}):
        with pytest.raises(BadInput, match="密级标志"):
            read_form({**form, **changed}, today=date(2024, 5, 6))


def test_the_text_of_an_event_is_looked_through_to_its_depth():
    proposal = ev.parse(
        "propose_outcome",
        {
            "on": "2024-05-06",
            "outcome": "state_secret",
            "classification": {"level": "机密★5年", "body": "某局机密★10年", "on": "2020-01-01"},
            "items": [{"item": 1, "outcome": "state_secret", "ground": "某理由机密★5年"}],
        },
    )
    found = {text for _, text in _texts(proposal)}
    assert found >= {"某局机密★10年", "某理由机密★5年"}
    assert "机密★5年" not in found, "the level is the fact that may be kept"
