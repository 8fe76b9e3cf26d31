"""Is what is kept of the letters in order? Their numbers, their content and what they point to."""

from collections.abc import Iterator

from workflow.letters.letter import read_again
from workflow.service.letters.views import DRAFTED, SOURCES
from workflow.service.office import Office
from workflow.store import letters as store
from workflow.store.letters import Held

BATCH = 500


def broken_letters(office: Office, *, codes: bool) -> Iterator[tuple[str, str, str]]:
    """What does not fit: code of the body, number of the case or series, and what it is, in Chinese. codes: the
    keys are at hand, so that the content of each letter is held to its hash."""
    with office.store.read() as unit:
        for gap in store.gaps_in_books(unit):
            series = f"{gap.year} 年“{gap.series or '统一编号'}”"
            yield gap.agency, series, f"文号缺号：最大为 {gap.highest} 号，册上只有 {gap.there} 个"
        for code, number, text in store.numbers_of_no_letter(unit):
            yield code, number, f"文号“{text}”没有文书"
    last = 0
    while True:
        with office.store.read() as unit:
            found = store.held_versions(unit, last, BATCH)
        for one in found:
            for told in _broken(office, one, codes):
                yield one.agency, one.number, f"文书“{one.kind}”第 {one.version} 版{told}"
        if len(found) < BATCH:
            return
        last = found[-1].id


def _broken(office: Office, one: Held, codes: bool) -> Iterator[str]:
    if one.source not in SOURCES:
        yield "的来源无法识别"
    if one.seq is not None and not 1 <= one.seq <= one.length:
        yield f"所指的日志第 {one.seq} 条不存在"
    if one.number_id is not None and (one.number_of, one.number_kind) != (one.case_id, one.kind):
        yield "的文号是另一份文书的"
    if one.source != DRAFTED and (one.file_hash, one.file_case) != (one.hash, one.case_id):
        yield "与上传的文件不符"
    if codes and not _opens(office, one):
        yield "的内容与校验值不符"


def _opens(office: Office, one: Held) -> bool:
    """Its content is of this case and, of a drafted one, of this hash."""
    from cryptography.exceptions import InvalidTag

    try:
        content = store.content_of(office.keys, one.salt, one.case_id, one.sealed)
        return one.source != DRAFTED or read_again(content["letter"]).paper_hash == one.hash
    except (InvalidTag, KeyError, TypeError, ValueError):
        return False
