"""Checks of a report's text on texts that nobody writes: no expression of theirs tries a text again and again."""

import time
from functools import cache

import pytest

from tests.workflow.report.checks.reports import LAW
from tests.workflow.report.checks.said import OFFICE, saying
from workflow.report.checks import findings
from workflow.report.checks.sentences import LONGEST

TEXTS = ("V12", "V34", "V35", "V38", "V39", "V41")
LENGTH = 50_000
ORDINARY = "全年共收到政府信息公开申请34件，其中自然人30件，占88%；办结32件。"


@pytest.mark.parametrize(
    "text",
    [
        "1", "1,", "件", "1件", "一", "一件、", "其中", "其中1件", "(", "申请", "共计", "2024年将", "未收到申请", "占1%", "1件占1%,",
        "〔2021〕1号", "行政处罚1", "公开,", "依申请公开", "没有", "一、", "收到", "2024年", "12月",
    ],
)  # fmt: skip
def test_a_repeated_word_costs_what_ordinary_sentences_cost(text):
    """As one text without an end, and cut into the longest sentences that are looked at."""
    cut = (text * (LONGEST // len(text)) + "。") * (LENGTH // LONGEST)
    assert cost(text * (LENGTH // len(text)) + "。" + cut) < 6 * ordinary()


def test_a_long_list_of_parts_costs_what_ordinary_sentences_cost():
    parts = "、".join(f"甲{3**place}条" for place in range(18))
    listed = f"公开信息999999999条，其中{parts}。公开信息40条，其中{parts}。"
    assert cost(listed * (LENGTH // len(listed))) < 6 * ordinary()


@cache
def ordinary():
    return min(cost(ORDINARY * (LENGTH // len(ORDINARY))) for _ in range(3))


def cost(text):
    said = saying(OFFICE, text)
    since = time.process_time()
    findings(said, LAW, only=TEXTS)
    return time.process_time() - since
