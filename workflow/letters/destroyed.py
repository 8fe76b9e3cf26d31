"""The list of files that were destroyed (档案销毁清册), as a paper to be kept for ever: numbers, days, years, by which
rule, who proposed and who decided. No name of an applicant and no word of a request."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflow.letters.letter import Contact, Letter, Paragraph, Table, day_words

KIND, LABEL = "destruction_list", "档案销毁清册"


@dataclass(frozen=True, slots=True)
class Line:
    """A file in the list. rule: in words; years: for which it was kept."""

    number: str
    closed_on: date | None
    outcome: str
    archived_on: date
    until: date
    rule: str
    years: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What the list says of itself. which: its number; proposed and decided: who, on which day, with which words."""

    which: int
    body: str
    proposed: tuple[str, date, str]
    decided: tuple[str, date, str]
    proof: str


def in_groups(proof: str) -> str:
    """Eight characters at a time, so that it can be broken into lines and compared by eye."""
    return " ".join(proof[n : n + 8] for n in range(0, len(proof), 8))


def certificate(about: Decided, lines: Sequence[Line]) -> Letter:
    """The paper, dated on the day on which the files were destroyed."""
    proposer, proposed_on, why = about.proposed
    decider, decided_on, said = about.decided
    years = Counter(one.number.partition("-")[0] for one in lines)
    told = "、".join(f"{year} 年 {count} 卷" for year, count in sorted(years.items()))
    rules = sorted({f"{one.rule}保管 {one.years} 年" for one in lines})
    paragraphs = (
        f"依照《中华人民共和国档案法》第二十一条和本机关档案保管期限表（{'；'.join(rules)}），下列政府信息公开申请案卷"
        f"保管期限已满，经鉴定予以销毁，共 {len(lines)} 卷：{told}。",
        f"{proposer}于{day_words(proposed_on)}提出，鉴定意见：{why}",
        f"{decider}于{day_words(decided_on)}批准{'：' + said if said else ''}。",
        "销毁的是：申请人姓名、身份和联系方式，申请内容，材料、文书、留言和备注的内容，日志中的文字，以及查找用的索引。"
        "留存的是：编号、日期、结果、统计表中的位置、各步骤的名称和办理人员，以及证明留存内容没有改动的校验值。",
        f"清册校验值：{in_groups(about.proof)}",
    )
    rows = tuple(
        (
            str(n), one.number, day_words(one.closed_on) if one.closed_on else "", one.outcome,
            day_words(one.archived_on), day_words(one.until), f"{one.years} 年",
        )
        for n, one in enumerate(lines, 1)
    )  # fmt: skip
    table = Table(
        ("序号", "申请编号", "办结日期", "结果", "归档日期", "保管到", "期限"),
        rows,
        (2, 5, 6, 7, 6, 6, 3),
    )
    return Letter(
        kind=KIND, label=LABEL, to="archive", title=(about.body, LABEL), number=f"第 {about.which} 号",
        addressee="", day=decided_on, elements=(*(Paragraph("text", one) for one in paragraphs), table),
        enclosed=(), remedy=(), annexes=(), signature=about.body, contact=Contact(),
    )  # fmt: skip
