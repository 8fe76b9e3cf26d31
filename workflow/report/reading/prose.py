"""Title, year, period and the six sections, from the lines of a report outside its tables."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from config.law import TableFormats
from workflow.report.annual import Oddity
from workflow.report.reading.labels import alike, unnumbered, wording
from workflow.report.reading.numbers import shown

TITLE_LONGEST = 80
SECTION_LONGEST = 50
NAME_LONGEST = 40
SECTION_NEAR = 0.55
_NUMERALS = "一二三四五六七八九十"
_SECTION = re.compile(rf"^\s*([{_NUMERALS}])\s*[、.,．，]\s*(\S.*)$")
_ABOUT = r"政府信息公开(?:工作)?(?:年度)?(?:工作)?报告"
_TITLE = re.compile(
    rf"(?P<who>[^\d。，、；：]{{0,40}}?)(?P<year>\d{{4,8}})\s*年(?:度)?.{{0,20}}?{_ABOUT}"
)
_DAY = r"(\d{1,8})\s*年\s*(\d{1,4})\s*月\s*(\d{1,4})\s*日"
_PERIOD = re.compile(
    rf"{_DAY}\s*(?:起)?\s*(?:至|到|-|—|–|~|～|―)+\s*(?:(\d{{1,8}})\s*年\s*)?(\d{{1,4}})\s*月\s*(\d{{1,4}})\s*日"
)
_COVERS = re.compile("统计|期限|所列数据|时限|本报告")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=\s*年|\D|$)")
_SIGNED_ON = re.compile(r"\(?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\)?")
_STOPS = re.compile("[。；：，]|^无")
_LIST_MARK = re.compile(r"^(?:[一二三四五六七八九十]是|[(（].{1,3}[)）]|关于)")


@dataclass
class Prose:
    """What the lines say. year 0: none was found."""

    title: str = ""
    agency: str = ""
    year: int = 0
    period: tuple[date, date] | None = None
    sections: dict[str, str] = field(default_factory=dict)
    signed_by: str = ""
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
    _title(head or plain[:10], "\n".join(plain), name, prose)
    _period(plain, prose)
    return prose


def _is_title(line: str) -> bool:
    return len(line) <= TITLE_LONGEST and _TITLE.match(_half(line)) is not None


def _one_line(line: str) -> str:
    return " ".join(line.replace("\u3000", " ").split())


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _sections(lines: list[str], official: Mapping[str, str], prose: Prose) -> list[str]:
    """Cut the lines at the titles of the sections. Returns the lines before the first one."""
    by_numeral = {title[0]: (key, title) for key, title in official.items()}
    head: list[str] = []
    texts: dict[str, list[str]] = {}
    into = head
    for line in lines:
        found = _SECTION.match(line) if len(line) <= SECTION_LONGEST else None
        known = by_numeral.get(found[1]) if found else None
        if known:
            key, title = known
            score = alike(unnumbered(line), unnumbered(title))
            if score >= SECTION_NEAR:
                into = texts.setdefault(key, [])
                if wording(line) != wording(title) and not texts[key]:
                    prose.oddities.append(
                        Oddity("section", f"“{title}”", f"标题印的是“{shown(line)}”")
                    )
                continue
        into.append(line)
    if texts:
        _signature(texts[next(reversed(texts))], prose)
    prose.sections = {key: "\n".join(texts[key]) for key in official if key in texts}
    return head


def _signature(lines: list[str], prose: Prose) -> None:
    """Take the name and the day below a report from its last section. The day is not taken for that of
    publication."""
    if not lines or not _SIGNED_ON.fullmatch(_half(lines[-1])):
        return
    lines.pop()
    if lines and len(lines[-1]) <= NAME_LONGEST and not _STOPS.search(lines[-1]):
        prose.signed_by = lines.pop()


def _title(head: list[str], whole: str, name: str, prose: Prose) -> None:
    for place, line in enumerate(head):
        found = _TITLE.search(_half(line)) if len(line) <= TITLE_LONGEST else None
        if found:
            prose.title = line
            above = head[place - 1] if place else ""
            if (
                not found["who"].strip()
                and 2 < len(above) <= NAME_LONGEST
                and not _STOPS.search(above)
            ):
                prose.agency = above
            break
    else:
        found = _TITLE.search(_half(whole[:200_000]))
    if found:
        prose.agency = _LIST_MARK.sub("", found["who"].strip()).strip() or prose.agency
        digits = found["year"]
        if len(digits) == 4 and 2000 <= int(digits) <= 2050:
            prose.year = int(digits)
            return
        prose.oddities.append(Oddity("period", "标题", f"年度写成了“{digits}年”"))
    in_name = _YEAR.search(_half(name))
    years = Counter(_YEAR.findall(_half(whole[:200_000])))
    if in_name:
        prose.year = int(in_name[1])
    elif years:
        prose.year = int(years.most_common(1)[0][0])
    else:
        prose.oddities.append(Oddity("year", "标题", "没有找到年度，与年度有关的各项没有核对"))


def _period(lines: list[str], prose: Prose) -> None:
    """The days that the report covers, where it says so; a day that does not exist is told."""
    for line in lines:
        for found in _PERIOD.finditer(_half(line)):
            y1, m1, d1, y2, m2, d2 = found.groups()
            start, end = _day(y1, m1, d1), _day(y2 or y1, m2, d2)
            about = _COVERS.search(_half(line)[max(0, found.start() - 25) : found.end() + 15])
            too_long = len(y1) > 4 or len(y2 or "") > 4
            if (about or too_long) and (start is None or end is None):
                prose.oddities.append(
                    Oddity("period", "统计期限", f"日期有误：“{shown_period(found[0])}”")
                )
                return
            if about and start and end:
                prose.period = (start, end)
                return


def shown_period(text: str) -> str:
    """A span of days in full, to be quoted."""
    return "".join(text.split())[:60]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if len(year) == 4 else None
    except ValueError:
        return None
