"""Whether a search would hold before a court: what courts asked of those that did not (practice.md §7, 8 to 11)."""

from datetime import date

from workflow.case.evidence import FEWEST_SOURCES, searches_for
from workflow.case.facts import CaseView

PAPER = "档案"
"""What stands in the name of a place where papers are kept."""


def weak_points(case: CaseView, item: int, on: date) -> tuple[str, ...]:
    """What is missing in the search records of an item by the day, in words; () where nothing is, or where
    nobody has searched. None of it refuses anything but fewer than two places, where the information is
    said not to exist."""
    made = [one for found in searches_for(case, item, on) for one in found]
    if len(case.header.items) > 1:
        made += [one for one in case.facts.searches if one.item is None and one.on <= on]
    if not made:
        return ()
    names = case.header.items or (case.header.request,)
    asked_for = names[item - 1] if item <= len(names) else case.header.request
    sources = {source for one in made for source in one.sources}
    words = [word for one in made for word in one.words]
    found = []
    if len(sources) < FEWEST_SOURCES:
        found.append(f"只查了一处：至少查 {FEWEST_SOURCES} 处，包括纸质档案和财务、业务系统")
    if not any(PAPER in source for source in sources):
        found.append("没有查纸质档案（档案室）")
    if all(word in asked_for for word in words):
        found.append("只用了申请人的原话：换上同义词、规范名称、文号、时间再查")
    if all(one.scope == "title" for one in made):
        found.append("只查了题名，没有查全文")
    if not any(one.asked for one in made):
        found.append("没有询问有关科室、站所并取得书面答复")
    if not any(one.period for one in made):
        found.append("没有写明查的是哪一段时间的材料")
    if any(one.mentions for one in made):
        found.append("本机关自己的文件提到、附有该信息：查明原件的下落")
    if sum(one.hits for one in made) and not any(one.why_not_these for one in made):
        found.append("有查到的材料：答复不存在的，逐件写明为什么不是")
    return tuple(found)
