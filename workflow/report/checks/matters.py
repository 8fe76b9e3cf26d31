"""What a sentence is about, as the checks of the text ask it; and the numbers of table 三 it may mean."""

import re

from workflow.report.annual import AnnualReport, Cells
from workflow.report.checks.sentences import Quantity, Sentence, quoted

ABOUT = re.compile("信息公开申请|依申请|申请公开|政府信息.{0,12}申请|公开.{0,6}申请")
SUB_BODIES = re.compile(
    "各级|各县|县区|区县|各区|各部门|各乡|各镇|各街道|各单位|各科室|下属|下级|直属|所属|局属|二级单位|二级机构|事业单位|派出机构|本级|[省市县区]直"
)
CHANNELS = re.compile(
    "网上|网络|在线|线上|网站|平台|系统|信函|邮寄|寄递|来信|快递|挂号|当面|现场|窗口|来访|上门|电子邮件|邮件|邮箱|传真|口头|书面|电话"
)
COMPARED = re.compile(
    "同比|环比|增长|增加|减少|下降|上升|增幅|降幅|多于|少于|[较比同与]去?(?:上|前|往|20\\d\\d)一?年|去年|前年|同期|往年|历年|(?<!今年)(?<!年初)以来"
    "|[由从](?:上年|去年)?的?$|平均|人均|月均|分别|(?<!\\d)[几多两三五\\d]年"
)
"""The number is compared, of several years, or one of several that are told together."""
_WHOLE_PLACE = re.compile("全[省市县区旗盟州](?!直)")
_OF_PLACE = re.compile("[省市县区旗盟州](?:人民政府)?(?:办公[室厅])?$")
_PARTLY = re.compile("季度|上半年|下半年")
_MONTH = re.compile(r"(?<!\d)\d{1,2}月")
_WHOLE_YEAR = re.compile(r"12月(?:31日|底|末)|(?<!\d)1月?[-–—~至到]+12月")
_YEAR = re.compile(r"(20\d\d)年")
_YEARS = re.compile(r"20\d\d年?[-–—~、和至到]+20\d\d年(?!1?\d月)")


def of_the_whole_place(said: str, agency: str) -> bool:
    """全县共…: numbers of a whole place, told by a body that is not its government."""
    return bool(_WHOLE_PLACE.search(said)) and not _OF_PLACE.search(agency)


def about_applications(sentence: Sentence) -> bool:
    """By its words, its section or the heading of its paragraph."""
    return bool(
        sentence.section == "applications"
        or ("申请" in sentence.text and ABOUT.search(sentence.text))
        or ("申请" in sentence.heading and "公开" in sentence.heading)
    )


def other_time(said: str, year: int) -> bool:
    """What is said up to a number puts it into another year, several years or a part of the year."""
    years = [int(one) for one in _YEAR.findall(said)]
    if year and years and years[-1] != year:
        return True
    if _PARTLY.search(said) or _YEARS.search(said):
        return True
    return bool(_MONTH.search(said)) and not _WHOLE_YEAR.search(said)


def has_numbers(table: Cells | None) -> bool:
    """A table all blank was not read, or not filled in: no text contradicts it."""
    return any(value is not None for cells in (table or {}).values() for value in cells.values())


def clause(sentence: Sentence, quantity: Quantity) -> str:
    """The words that a number stands in, to be quoted."""
    number = sentence.text[quantity.start : quantity.end]
    return quoted(quantity.before.lstrip("、") + number + quantity.after)


def totals(report: AnnualReport, *rows: str) -> set[int]:
    """What rows of table 三 have together: as their 总计 has it, and as the six columns give it (a
    contradiction between them is told by V03)."""
    cells = [(report.table3 or {}).get(row, {}) for row in rows]
    printed = sum(int(one.get("total") or 0) for one in cells)
    added = sum(int(value or 0) for one in cells for name, value in one.items() if name != "total")
    return {printed, added}


def summed(ones: set[int], others: set[int]) -> set[int]:
    """Every sum of one number of each."""
    return {one + other for one in ones for other in others}


def received(report: AnnualReport) -> set[int]:
    """收到 may mean new requests alone or with those carried in (law.md §5.5)."""
    new, had = totals(report, "new_received"), totals(report, "carried_in")
    return new | summed(new, had)
