"""The table of ledgers: every column that the program asks for, words of the law alone, each head once."""

from pathlib import Path

import pytest

from config import ledger
from config.ledger import LedgerTableError, load_ledger
from workflow.docket.ledger.heads import plain


def told(tmp_path: Path, old: str, new: str) -> str:
    text = (ledger.FOLDER / ledger.FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / ledger.FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LedgerTableError) as slip:
        load_ledger.__wrapped__(tmp_path)
    return str(slip.value)


def test_the_columns_are_those_of_practice_in_their_order() -> None:
    assert [column.head for column in load_ledger().written()] == [
        "序号",
        "申请编号",
        "收到日期",
        "提交日期",
        "渠道",
        "申请人",
        "申请人类别",
        "联系方式",
        "申请内容",
        "承办单位",
        "承办人",
        "交办日期",
        "补正发出",
        "补正期限",
        "补正收到",
        "第三方征询发出",
        "第三方征询收到",
        "第三方征询意见",
        "征求机关意见",
        "延期批准",
        "延期天数",
        "延期送达",
        "收费通知",
        "收费金额",
        "缴费",
        "法定期限",
        "内部期限",
        "答复日期",
        "答复文号",
        "答复类型",
        "法律依据",
        "是否含不予公开",
        "签发人",
        "送达方式",
        "送达/交邮日期",
        "邮件号",
        "用时（工作日）",
        "是否超期",
        "是否转主动公开",
        "复议号",
        "复议结果",
        "诉讼号",
        "诉讼结果",
        "归档号",
        "备注",
    ]


def test_no_head_leads_to_two_columns() -> None:
    heads = [
        plain(head)
        for column in load_ledger().columns.values()
        for head in {plain(one) for one in (column.head, *column.also)}
    ]
    assert sorted(heads) == sorted(set(heads))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "remark"', 'name = "x"', "no column named remark"),
        ('name = "remark"', 'name = "number"', "number stands twice"),
        ("[words.state]", "[words.nothing]", "no words named state"),
        ("supplied = [", "given = [", "no word of outcome named supplied"),
        (
            "[words.state]\n",
            '[words.state]\nlost = ["丢失"]\n',
            "words.state: lost is none of the law's",
        ),
        ('kind = "day"', 'kind = "moment"', "received_on"),
        ('also = ["序"', 'colour = 1\nalso = ["序"', "place: colour"),
    ],
)
def test_a_slip_stops_the_load(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in told(tmp_path, old, new)
