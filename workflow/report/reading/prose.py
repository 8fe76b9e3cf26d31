"""Title, year, period and the six sections, from the lines of a report outside its tables."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from config.law import TableFormats
from workflow.report.annual import Oddity
from workflow.report.reading.letters import RADICALS
from workflow.report.reading.numbers import INVISIBLE
from workflow.report.reading.titles import cut_at_titles

_MEANT = INVISIBLE | RADICALS
TITLE_LONGEST = 80
NAME_LONGEST = 40
OVERVIEW_LEAST = 60
"""Characters before the first title that are more than what the report is based on."""
LOOKED_AT = 2_000
"""Characters of a paragraph that may name the report."""
_ABOUT = r"政府信息公开(?:工作)?(?:年度)?(?:工作)?报告"
_WHO = r"(?P<who>[^\d。，、；：,;:]{0,40}?)"
_TITLES = (
    re.compile(rf"{_WHO}(?P<year>\d{{4,8}})\s*年(?:度)?(?P<between>.{{0,20}}?){_ABOUT}"),
    re.compile(
        rf"{_WHO}(?P<between>)政府信息公开(?:工作)?(?P<year>\d{{4}})\s*年(?:度)?(?:工作)?报告"
    ),
    re.compile(rf"{_WHO}(?P<between>){_ABOUT}\s*[(\[—-]*(?P<year>20\d\d)(?!\d)"),
)
_LETTER = re.compile(r"\s*关于.*$")
_A_BODY = re.compile(
    r"^(?!.*(?:公布|编制|现将|发布|[我本][市县区乡镇局委办厅院]|本[机单]))(?!全).{2,}[省市州盟县区旗乡镇道府局委办厅院部会处所队站心]$"
)
_DIGIT = "〇○零一二三四五六七八九"
_NOUGHTS = str.maketrans("0OoОо◯Ο", "〇" * 7)
"""What people type for 〇 in a year in words: the figure, Latin, Cyrillic and Greek letters, a large circle."""
_ONE_OF_FOUR = rf"[{_DIGIT}0OoОо◯Ο]"
_YEAR_IN_WORDS = re.compile(
    rf"(?<!\d)(?={_ONE_OF_FOUR}{{0,3}}[一二三四五六七八九]){_ONE_OF_FOUR}{{4}}(?=\s*年)"
)
_DAY_IN_WORDS = re.compile(r"([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日])")
_DAY = r"(\d{1,8})\s*年\s*(\d{1,4})\s*月\s*(\d{1,4})\s*日"
_PERIOD = re.compile(
    rf"{_DAY}\s*(?:起)?\s*[,、]?\s*(?:至|到|-|—|–|~|～|―)+\s*(?:(\d{{1,8}})\s*年\s*)?(\d{{1,4}})\s*月\s*(\d{{1,4}})\s*日"
)
_MONTHS = re.compile(
    r"(?<!\d)(\d{4})\s*年\s*1\s*月\s*(?:至|到|-|—|–|~|～)+\s*(?:(\d{4})\s*年\s*)?12\s*月(?!\s*\d)"
)
_DOTTED = re.compile(r"(?<!\d)(20\d\d)[./-](\d{1,2})[./-](\d{1,2})(?!\d)日?")
_PAGE_DAY = re.compile(rf"(?:发布|公布|公开)(?:时间|日期)\s*:?\s*{_DAY}")
"""What pages print above a report; 成文日期 and 生成日期 are other days."""
_COVERS = re.compile("统计|期限|所列数据|时限|起止")
_OF_REPORT = re.compile("本报告|报告期|数据")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=\s*年|\D|$)")
_SIGNED_ON = re.compile(
    r"(?P<who>[^\d。;:,()]{0,40}?)\s*\(?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\)?"
)
_BELOW = re.compile(
    r"\s*[(（【〔\[]?\s*(?:此件|信息公开(?:选项|方式|形式)|公开(?:方式|属性|选项|形式)|抄\s?[送报]|印\s?发|联系(?:人|电话|方式)|电话[:：]|打印|关闭|分享|扫一扫"
    r"|上一[篇条]|下一[篇条]|责任编辑|编辑[:：]|来源[:：]|浏览次数|附[件表]|相关(?:附件|链接|文档|稿件)|.{2,40}日\s*印发$)"
)
"""How a line begins that papers and pages print below a signature."""
BELOW_MOST = 8
"""Such lines that are looked past."""
_STOPS = re.compile("[。；：，]|^无")
_LIST_MARK = re.compile(r"^(?:[一二三四五六七八九十]是|[(（].{1,3}[)）]|关于)")


@dataclass
class Prose:
    """What the lines say. year 0: none was found. own: title → text of the body's own sections; preface:
    the lines above the first section."""

    title: str = ""
    agency: str = ""
    year: int = 0
    period: tuple[date, date] | None = None
    sections: dict[str, str] = field(default_factory=dict)
    signed_by: str = ""
    signed_on: date | None = None
    page_day: date | None = None
    own: dict[str, str] = field(default_factory=dict)
    preface: str = ""
    oddities: list[Oddity] = field(default_factory=list)


def read_prose(lines: Iterable[str], name: str, formats: TableFormats) -> Prose:
    """Title and sections by their wording; the year from the title, else the text, else the file name."""
    prose = Prose()
    plain = [line for line in (_one_line(line) for line in lines) if line]
    titles = [line for line in plain if _is_title(line)]
    # A title that stands again, above each sheet, belongs to no section.
    body = [
        line for place, line in enumerate(plain) if line not in titles or line not in plain[:place]
    ]
    head = _sections(body, formats.sections, prose)
    _period(plain, head or plain, prose)
    _title(head or plain[:10], plain, name, prose)
    prose.page_day = day_of_page("\n".join(head if prose.sections else plain[:10]))
    return prose


def day_of_page(text: str) -> date | None:
    """The day of publication that stands above a report (发布日期：2025-01-20), the first where there are
    several."""
    days = (_day(*found) for found in _PAGE_DAY.findall(_in_full(text)))
    return min(filter(None, days), default=None)


def _in_full(text: str) -> str:
    """Half width, every day with 年, 月 and 日."""
    return _DOTTED.sub(r"\1年\2月\3日", _half(text))


def _is_title(line: str) -> bool:
    if len(line) > TITLE_LONGEST:
        return False
    plain = unicodedata.normalize("NFKC", line)
    if "信息公开" not in plain:
        return False
    plain = _in_digits(plain)
    return any(one.match(plain) for one in _TITLES)


def _titled(text: str) -> re.Match[str] | None:
    return next((found for one in _TITLES if (found := one.search(text))), None)


def _one_line(line: str) -> str:
    return " ".join(line.translate(_MEANT).split())


def _half(text: str) -> str:
    """Half width, and the years and days that are written in words in digits."""
    return _in_digits(unicodedata.normalize("NFKC", text))


def _in_digits(plain: str) -> str:
    if "年" in plain:
        plain = _YEAR_IN_WORDS.sub(
            lambda found: "".join(
                str(max(0, _DIGIT.index(digit) - 2)) for digit in found[0].translate(_NOUGHTS)
            ),
            plain,
        )
    if "月" in plain or "日" in plain:
        plain = plain.replace("元月", "1月")
        plain = _DAY_IN_WORDS.sub(lambda found: str(_number(found[1])), plain)
    return plain


def _number(words: str) -> int:
    """三十一 as 31."""
    tens, ten, ones = words.rpartition("十")
    values = {digit: max(0, place - 2) for place, digit in enumerate(_DIGIT)}
    return (values.get(tens, 1) * 10 if ten else 0) + values.get(ones, 0)


def _sections(lines: list[str], official: Mapping[str, str], prose: Prose) -> list[str]:
    """Cut the lines at the titles of the sections. Returns the lines before the first one."""
    cut = cut_at_titles(lines, official)
    prose.oddities += cut.oddities
    _signature(cut.last, prose)
    first = next(iter(official))
    text = [line for line in cut.before if not _is_title(line) and not _PERIOD.search(_half(line))]
    if cut.texts and first not in cut.texts and len("".join(text)) >= OVERVIEW_LEAST:
        # The title is missing, the text need not be.
        cut.texts[first] = text
        prose.oddities.append(
            Oddity(
                "section", f"“{official[first]}”", "没有这个标题，第一个标题前的文字按这一部分核对"
            )
        )
    prose.sections = {key: "\n".join(cut.texts[key]) for key in official if key in cut.texts}
    prose.own = {title: "\n".join(text) for title, text in cut.own.items()}
    prose.preface = "\n".join(cut.before)
    return cut.before


def _signature(lines: list[str], prose: Prose) -> None:
    """Take the name and the day below a report from its last section, on two lines or on one. The day is
    not taken for that of publication."""
    below = next((n for n, line in enumerate(reversed(lines)) if not _BELOW.match(line)), 0)
    if 0 < below <= BELOW_MOST:
        kept = lines[-below:]
        del lines[-below:]
        _signature(lines, prose)
        lines += kept
        return
    found = _SIGNED_ON.fullmatch(_in_full(lines[-1])) if lines else None
    if found is None or (found["who"] and not _A_BODY.match(found["who"])):
        return
    above = lines[-2] if len(lines) > 1 else ""
    name_above = 0 < len(above) <= NAME_LONGEST and not _STOPS.search(above)
    if "年" not in lines[-1] and not (found["who"] or name_above):
        # A day in figures alone is as likely that of the page.
        return
    signed = re.search(_DAY, _in_full(lines.pop()))
    prose.signed_on = _day(*signed.groups()) if signed else None
    if found["who"]:
        prose.signed_by = found["who"]
    elif name_above:
        prose.signed_by = lines.pop()


def _title(head: list[str], lines: list[str], name: str, prose: Prose) -> None:
    named = ""
    found, place = _title_line(head, prose.period)
    if found:
        prose.title, named = head[place], _body_named(found)
        above = head[place - 1] if place else ""
        if not named and 2 < len(above) <= NAME_LONGEST and not _STOPS.search(above):
            named = above
    else:
        about = (line[:LOOKED_AT] for line in lines if "信息公开" in line)
        found = next(filter(None, (_titled(_half(line)) for line in about)), None)
        # 现公布我局2023年政府信息公开工作年度报告 names nobody.
        if found and _A_BODY.match(_body_named(found)):
            named = _body_named(found)
    prose.agency = named or prose.signed_by
    if found:
        digits = found["year"]
        if len(digits) == 4 and 2000 <= int(digits) <= 2050:
            prose.year = int(digits)
            return
        prose.oddities.append(Oddity("period", "标题", f"年度写成了“{digits}年”"))
    if prose.period and prose.period[0].year == prose.period[1].year:
        prose.year = prose.period[0].year
        return
    in_name = _YEAR.search(_half(name))
    years = Counter(_YEAR.findall(_half("\n".join(lines)[:200_000])))
    if in_name:
        prose.year = int(in_name[1])
    elif years:
        prose.year = int(years.most_common(1)[0][0])
    else:
        prose.oddities.append(Oddity("year", "标题", "没有找到年度，与年度有关的各项没有核对"))


def _title_line(
    head: list[str], period: tuple[date, date] | None
) -> tuple[re.Match[str] | None, int]:
    """The title and its line: on a page that links the reports of other years too, that of the period."""
    titles = [
        (found, place)
        for place, line in enumerate(head)
        if len(line) <= TITLE_LONGEST and (found := _titled(_half(line)))
    ]
    if not titles:
        return None, 0
    of_period = str(period[0].year) if period and period[0].year == period[1].year else ""
    return next((one for one in titles if one[0]["year"] == of_period), titles[0])


def _body_named(title: re.Match[str]) -> str:
    """The body in front of the year (青禾县某局2023年…), else behind it (2023年青禾县…)."""
    whole = title["who"].rpartition("《")[2].strip()
    who = _LETTER.sub("", _LIST_MARK.sub("", whole)).strip()
    between = title["between"].strip()
    return who or (between if _A_BODY.match(between) else "")


def _period(lines: list[str], head: list[str], prose: Prose) -> None:
    """The days that the report covers, where it says so; a day that does not exist is told. Within the
    sections 本报告 stands beside other days as well."""
    for text, cue in ((lines, _COVERS), (head, _OF_REPORT)):
        for line in text:
            if _period_in(_in_full(line), cue, prose):
                return


def _period_in(line: str, cue: re.Pattern[str], prose: Prose) -> bool:
    """Whether the line has the period, right or wrong."""
    for found in _PERIOD.finditer(line):
        y1, m1, d1, y2, m2, d2 = found.groups()
        start, end = _day(y1, m1, d1), _day(y2 or y1, m2, d2)
        about = cue.search(line[max(0, found.start() - 25) : found.end() + 15])
        too_long = len(y1) > 4 or len(y2 or "") > 4
        if (about or too_long) and (start is None or end is None):
            prose.oddities.append(
                Oddity("period", "统计期限", f"日期有误：“{shown_period(found[0])}”")
            )
            return True
        if about and start and end:
            prose.period = (start, end)
            return True
    months = _MONTHS.search(line)
    if months and cue.search(line):
        prose.period = (date(int(months[1]), 1, 1), date(int(months[2] or months[1]), 12, 31))
        return True
    return False


def shown_period(text: str) -> str:
    """A span of days in full, to be quoted."""
    return "".join(text.split())[:60]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if len(year) == 4 else None
    except ValueError:
        return None
