"""Is what lies beside the logs of the cases in order: the journal and what it protects, the audit, what files and
pictures hold, and what only the database can refuse?"""

from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256

from sqlalchemy.exc import DBAPIError

from config.errors import StorageAway
from workflow.people import SYSTEM
from workflow.service.office import Office
from workflow.store import audit, journal
from workflow.store.audit import audited, broken_lines, seal_before
from workflow.store.contents import HeldFile, held_files, held_pictures, without_file
from workflow.store.outside import Lost
from workflow.store.protected import INSTALLATION
from workflow.store.raw import SPOILT
from workflow.store.trouble import away
from workflow.store.unit import Unit

BEGUN = "journal"
"""The stamp of a store whose rows of before are in the journal, with a keyed hash, so that nobody without the key can
say so."""
EVERYWHERE = "全系统"
Told = tuple[str, str, str]
"""Code of the body, which row or line, what is wrong with it, in Chinese; never what it says."""

_OF_LINES = {
    journal.LINE_MISSING: "这一条缺失",
    journal.LINE_CHANGED: "这一条与校验值不符",
}
_OF_STRANDS = {
    journal.END_MISSING: "记录末条的校验值缺失",
    journal.END_CHANGED: "条数或者末条与校验值不符，末尾可能被截去",
    journal.STRAND_MISSING: "全部缺失",
    journal.NOTHING_THERE: "全部缺失，或者还没有建立：升级之后请先运行 gongkai migrate",
}
_OF_ROWS = {
    journal.ROW_UNKNOWN: "留痕簿中没有记载，不是由本系统写入的",
    journal.ROW_CHANGED: "与留痕簿不符，被改动过",
    journal.ROW_MISSING: "留痕簿中有记载，库中却没有",
    journal.ROW_SPOILT: "内容无法读取",
    journal.TABLE_SPOILT: "有内容无法读取",
}
_OF_AUDIT = {
    audit.MISSING: "审计记录缺这一条",
    audit.CHANGED: "审计记录与校验值不符",
    audit.CUT: "升级以前的审计记录与封存时不符",
}


def begin_journal(office: Office, unit: Unit) -> None:
    """Take what an older version wrote over into the journal, as it is, and seal its audit: once. A store in which
    anything was written under the key before is none of an older version, and is left as it is."""
    if unit.stamp(BEGUN) is not None or unit.journal is None:
        return
    first = audit.is_empty(unit)
    sealed = seal_before(unit, office.keys)
    unit.flush()
    if (first or sealed) and not journal.is_begun(unit.connection):
        rows = unit.journal.take_over(unit.connection)
        if rows or sealed:
            audited(
                unit, office.now(), SYSTEM.name, None, "journal_begun", SYSTEM.name,
                rows=rows, lines=sealed,
            )  # fmt: skip
    unit.set_stamp(BEGUN, office.keys.digest("journal begun", ""))


def broken_records(office: Office, *, codes: bool) -> Iterator[Told]:
    """What does not fit. codes: the keys are at hand; without them no hash is held to what it was made of."""
    parts: list[tuple[str, Callable[[], Iterator[Told]]]] = [
        ("audit", partial(_audit, office, codes=codes)),
    ]
    if codes:
        parts += [
            ("journal", partial(_journal, office)),
            ("file", partial(_files, office)),
            ("picture", partial(_pictures, office)),
        ]
    for name, look in parts:
        try:
            yield from look()
        except DBAPIError as error:
            if away(error):
                raise
            yield EVERYWHERE, office.law.words.records[name], _OF_ROWS[journal.TABLE_SPOILT]


def _audit(office: Office, *, codes: bool) -> Iterator[Told]:
    with office.store.read() as unit:
        for number, what in broken_lines(unit, office.keys if codes else None):
            yield "审计", f"第 {number} 条", _OF_AUDIT[what]


def _journal(office: Office) -> Iterator[Told]:
    words = office.law.words.records
    with office.store.read() as unit:
        codes = journal.codes_of_strands(unit.connection)
        for one in journal.faults(unit.connection, office.keys):
            code = codes.get(one.strand, EVERYWHERE if one.strand == INSTALLATION else "？")
            if one.what in _OF_STRANDS:
                yield code, words["journal"], _OF_STRANDS[one.what]
            elif one.what in _OF_LINES:
                yield code, f"{words['journal']}第 {one.seq} 条", _OF_LINES[one.what]
            else:
                yield code, f"{words[one.table]}{one.key and f' {one.key} 号'}", _OF_ROWS[one.what]


def _files(office: Office) -> Iterator[Told]:
    word = office.law.words.records["file"]
    with office.store.read() as unit:
        for one in held_files(unit):
            for told in _broken_file(office, one):
                yield one.agency, one.number, f"{word} {one.id} 号{told}"
        for number in without_file(unit):
            yield EVERYWHERE, f"{word} {number} 号", "只有内容，没有登记"


def _broken_file(office: Office, one: HeldFile) -> Iterator[str]:
    from cryptography.exceptions import InvalidTag

    if one.taken_back:
        if one.sealed is not None:
            yield "已由申请人收回，或者已随案卷销毁，内容却还在库中"
        return
    if one.sealed is None:
        yield "的内容缺失"
        return
    try:
        content = one.opened(office.store.contents, office.keys)
    except Lost:
        yield "存放在数据库以外的内容缺失，或者不是原来的"
        return
    except StorageAway as error:
        yield f"存放在数据库以外，现在读不到（{error.why}）"
        return
    except (InvalidTag, *SPOILT):
        yield "的内容无法解开，或者不是这份材料的"
        return
    if (len(content), sha256(content).hexdigest()) != (one.size, one.sha256):
        yield "的内容与登记的校验值不符"


def _pictures(office: Office) -> Iterator[Told]:
    word = office.law.words.records["picture"]
    with office.store.read() as unit:
        for agency, number, digest, content in held_pictures(unit):
            if sha256(content).hexdigest() != digest:
                yield agency, f"{word} {number} 号", "内容与登记的校验值不符"
