"""What the text says of documents, decisions and charges beside table 二 (a part of V12)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from workflow.report.annual import AnnualReport
from workflow.report.checks.matters import clause, of_the_whole_place
from workflow.report.checks.registry import Asked, Said
from workflow.report.checks.sentences import Quantity, Sentence, numeral

NAMES = {"permits": "行政许可", "penalties": "行政处罚", "compulsory_measures": "行政强制"}
_DECISIONS = re.compile(
    r"(行政许可|行政处罚|行政强制)(?:事项|决定|案件|措施)?(?:共计|共|计|为)?(\d{1,7}|[〇零一二两三四五六七八九十百千]{1,9})"
    r"(项|件|宗|(?<!一)起)(?!以上|信息|事|次)"
)
_ONE = "一"
"""In Chinese numerals it may be a manner of speaking: 制定一件、备案一件."""
_OF_SOME = re.compile(
    "移送|配合|协助|参与|委托|代[办理]|首违|轻微|撤销|撤回|注销|涉企|减轻|从轻|免予|拟作?出?|公开|公示|发布|公布|上传|录入|归集|推送|报送|更新|信息"
)
"""Before decisions: what was published of them, some of them only, or those of others."""
_PARTS = re.compile(
    "其中|同比|增长|增加|减少|下降|上升|累计|以来|去年|上年|简易|一般程序|普通程序|不予|季度|[\\d一二三四五六七八九十]月"
)
_DOCUMENTS = re.compile(
    "(?:新?制定|新?制发|印发|新?出台|新制作|制订|新增)(?:了|并?(?:公开|公布|发布|印发|实施))?(?:的)?"
    "(?:行政)?规范性文件(?:共计|共|计|为)?$"
)
_DOCUMENTS_BEHIND = re.compile("(?:行政)?规范性文件(?:$|[均都已全进予])")
_MAKING = re.compile("(?:^|[^未])(?:新?制定|新?制发|印发|新?出台|制订|新增)(?:了)?$")
_REPEALED = re.compile(
    "(?:^|[^拟议请未待应需须不、和或及与])废止(?:了)?(?:的)?(?:行政)?规范性文件(?:共计|共|计|为)?$"
)
_REPEALING = re.compile("(?:^|[^拟议请未待应需须不、和或及与])废止(?:了)?$")
_AND_REPEALED = re.compile("[,、;]?(?:并|另|同时)?废止(?:了)?$")
"""Behind documents that were made: 制定规范性文件4件，废止1件."""
_IN_FORCE = re.compile("现行有效(?:的)?(?:行政)?规范性文件(?:共计|共|计|总数)?(?:为|有)?$")
_IN_FORCE_OF = re.compile("现行有效的?$")
_NO_DOCUMENTS = re.compile(
    "(?:未|没有|无)(?:新)?(?:制定|制发|印发|出台|制作)(?:过|任何)?(?:行政)?规范性文件"
)
_OTHER_MAKERS = re.compile(
    "各|乡镇|街道|县区|下级|所属|部门|清理|评估|备案|审查|审核|起草|政府名义|转发|解读"
)
_BY_OTHERS = re.compile(
    "[省市县区旗盟州](?:人民)?政府|[省市县区旗盟州]委|全[省市县区旗盟州]|[报提]请"
)
"""Before a number: documents of the government above or of a whole place, not of the department."""
_OF_PLACE = re.compile("(?:省|市|县|区|旗|盟|州)(?:人民政府)?$")
_CHARGES = re.compile(
    r"行政事业性收费(?:收入|总?金额|总额|共计|共|计|为|合计|达|:)*(\d{1,9}(?:\.\d{1,6})?)(万|亿)?元"
)
_NO_CHARGES = re.compile("(?:未收取|没有收取|不收取|未发生)(?:任何)?行政事业性收费")
_WAIVED = re.compile("[免减退缓]|停征|降低|取消|清理|违规|未收|代[收征]|各|全[省市县区旗盟州]")
"""In the words around a charge that was not, or not lawfully, collected, or is of others."""
_WAN = {"": Decimal("0.0001"), "万": Decimal(1), "亿": Decimal(10_000)}
_YEAR = re.compile(r"(20\d\d)年")


def beside_table2(asked: Asked) -> Iterator[Said]:
    """Numbers of decisions, of 规范性文件 and of charges that table 二 has otherwise."""
    yield from _decisions(asked)
    report = asked.report
    for sentence in asked.said_in("overview", "proactive"):
        years = {int(one) for one in _YEAR.findall(sentence.text)}
        if years and report.year not in years:
            continue
        if "收费" in sentence.text:
            yield from _charges(asked, sentence)
        if "规范性文件" not in sentence.text:
            continue
        if not _OF_PLACE.search(report.agency) and not _OTHER_MAKERS.search(sentence.text):
            yield from _documents(asked, sentence)


def _decisions(asked: Asked) -> Iterator[Said]:
    """行政处罚 21 项 in the text beside a 0 in table 二: items in the format of 2019, decisions in both."""
    report = asked.report
    told: set[tuple[str, str]] = set()
    items = {name: item for item, name in NAMES.items()}
    for sentence in asked.said_in("overview", "proactive"):
        for found in _DECISIONS.finditer(sentence.text):
            item, number, unit = items[found[1]], _number(found[2]), found[3]
            if number is None or found[2] == _ONE:
                continue
            if unit == "项":
                before, change = report.cell2(item, "items_before"), report.cell2(item, "change")
                if before is None:
                    continue
                right = {before, before + (change or 0), report.cell2(item, "decisions")}
                words = f"项目数量为 {before}" + (f"，本年增减 {change}" if change else "")
            else:
                decisions = report.cell2(item, "decisions")
                lead = sentence.text[: found.start()]
                if (
                    decisions is None
                    or _PARTS.search(sentence.text)
                    or _OF_SOME.search(lead[-16:])
                    or of_the_whole_place(lead, report.agency)
                ):
                    continue
                years = {int(one) for one in _YEAR.findall(lead)}
                if years and report.year not in years:
                    continue
                right, words = {decisions}, f"本年处理决定数量为 {decisions}"
            if number not in right and (item, found[0]) not in told:
                told.add((item, found[0]))
                yield asked.place2(item), f"正文写的是“{found[0]}”，表二的{words}，请核对"


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() else numeral(said)


def _documents(asked: Asked, sentence: Sentence) -> Iterator[Said]:
    """规范性文件 that a department or a township made or repealed, or has in force."""
    report = asked.report
    made = _made(report)
    place = asked.place2("normative_documents")
    none = _NO_DOCUMENTS.search(sentence.text)
    if none and made and min(made) > 0:
        yield place, f"正文写的是“{none[0]}”，表二写的是 {min(made)} 件，请核对"
    of_made = False
    for quantity in sentence.quantities:
        if quantity.unit not in ("件", "份", "部") or not quantity.exact:
            continue
        if (quantity.spelt and quantity.value == 1) or _BY_OTHERS.search(quantity.before):
            continue
        if _of_another_year(sentence.text[: quantity.start], report.year):
            continue
        if _PARTS.search(sentence.text[: quantity.start]):
            continue
        said = f"正文写的是“{clause(sentence, quantity)}”，表二"
        in_force = report.cell2("normative_documents", "in_force")
        repealed = report.cell2("normative_documents", "repealed")
        if _tells(quantity, _IN_FORCE, _IN_FORCE_OF):
            if in_force not in (None, quantity.value):
                yield place, f"{said}的现行有效件数为 {in_force}，请核对"
        elif _tells(quantity, _REPEALED, _REPEALING) or (
            of_made and _AND_REPEALED.match(quantity.before)
        ):
            if repealed not in (None, quantity.value):
                yield place, f"{said}的本年废止件数为 {repealed}，请核对"
        elif _tells(quantity, _DOCUMENTS, _MAKING):
            of_made = True
            if not made or quantity.value in made:
                continue
            words = "、".join(str(one) for one in sorted(made))
            yield place, f"{said}写的是 {words} 件，请核对"


def _of_another_year(said: str, year: int) -> bool:
    """The last year that was named is not that of the report: 2023年制定6件，2024年制定4件."""
    years = _YEAR.findall(said)
    return bool(years) and int(years[-1]) != year


def _tells(quantity: Quantity, before: re.Pattern[str], with_behind: re.Pattern[str]) -> bool:
    """制定规范性文件4件 or 制定4件规范性文件."""
    return bool(
        before.search(quantity.before)
        or (with_behind.search(quantity.before) and _DOCUMENTS_BEHIND.match(quantity.after))
    )


def _made(report: AnnualReport) -> set[int]:
    """How many the table says were made (format 2019: made or first published)."""
    cells = (report.cell2("normative_documents", name) for name in ("made", "opened"))
    return {int(one) for one in cells if one is not None}


def _charges(asked: Asked, sentence: Sentence) -> Iterator[Said]:
    amount = asked.report.cell2("charges", "amount_10k")
    if amount is None or _PARTS.search(sentence.text):
        return
    place = asked.place2("charges", "amount_10k")
    none = _NO_CHARGES.search(sentence.text)
    if none and amount:
        yield place, f"正文写的是“{none[0]}”，表二写的是 {amount} 万元，请核对"
    for found in _CHARGES.finditer(sentence.text):
        if _WAIVED.search(_clause_around(sentence.text, found)):
            continue
        if _of_another_year(sentence.text[: found.start()], asked.report.year):
            continue
        scale = _WAN[found[2] or ""]
        last = scale * Decimal(1).scaleb(Decimal(found[1]).as_tuple().exponent)  # type: ignore[arg-type]
        told = Decimal(found[1]) * scale
        if abs(told - Decimal(amount)) >= max(last, Decimal("0.01")):
            yield place, f"正文写的是“{found[0]}”，表二写的是 {amount} 万元，请核对"


def _clause_around(text: str, found: re.Match[str]) -> str:
    since = max(text.rfind(mark, 0, found.start()) for mark in ",;:") + 1
    return text[since : found.start()] + re.split("[,;:]", text[found.start() :], maxsplit=1)[0]
