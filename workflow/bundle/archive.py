"""The archive package of a case (条例45; 档案法): the bound file with its list of contents, what was uploaded as it came,
the log with its chain, how long it is kept, and the hashes by which anybody can check it without the program.

What identifies the applicant and what third parties are concerned with lies in a folder of its own that is closed.
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from workflow.bundle import LOG, SUMS
from workflow.bundle.binding import bind
from workflow.bundle.sheets import Press
from workflow.bundle.volume import LACKING, Piece, closed, drafted, named, paged, told
from workflow.case.destroyed import years_of
from workflow.case.identity import masked_id
from workflow.letters import Attached, Letter, draft, pdf
from workflow.letters.in_file import Numbered, papers_in_file
from workflow.letters.letter import Table, day_words
from workflow.letters.seen import Seen
from workflow.paper.workbook import Sheet, as_csv, as_xlsx
from workflow.rules.retention import kept_until

CONTENTS, VOLUME, ORIGINALS, CLOSED = "卷内目录", "案卷.pdf", "原件", "不公开"
ABOUT, README, MESSAGES = "归档信息.json", "核对方法.txt", "留言.txt"
ENDINGS = {
    "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "application/ofd": "ofd", "image/heic": "heic", "image/tiff": "tif", "text/csv": "csv",
    "message/rfc822": "eml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}  # fmt: skip
PACKED = ("pdf", "jpg", "png", "docx", "ofd", "xlsx", "heic", "tif")
"""Endings of what is packed already."""


@dataclass(frozen=True)
class Archive:
    """The package. pieces: the papers in the order of the file, with their pages; closed: those of the closed volume."""

    pieces: tuple[Piece, ...]
    closed: tuple[Piece, ...]
    contents: Letter
    content: bytes

    def told(self) -> list[str]:
        """What whoever takes it in must know of it."""
        lacking = [one for one in (*self.pieces, *self.closed) if one.page == LACKING]
        originals = drafted((*self.pieces, *self.closed))
        return told(
            (
                ("按登记起草、没有原件的", named(originals, "第{}件")),
                ("目录列有而案卷中没有的", named(lacking, "第{}件")),
                ("在“不公开”文件夹中的", named(self.closed, "第{}件")),
            )
        )


def in_pages(press: Press) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """On which pages of the bound file each paper stands, by its key; and where its pages come from: uploaded, also
    where something drafted is with it, or drafted."""
    papers = _papers(press)
    pieces, apart = paged(press, papers), closed(press, papers)
    origins = {
        one.paper.key: max(sheet.origin for sheet in one.sheets)
        for one in (*pieces, *apart)
        if one.sheets
    }
    return _where(pieces, apart), origins


def listed(press: Press) -> Letter:
    """The list of contents with the pages of the bound file."""
    papers = _papers(press)
    return _listed(press, paged(press, papers), closed(press, papers))


def _listed(press: Press, pieces: tuple[Piece, ...], apart: tuple[Piece, ...]) -> Letter:
    numbers = {one.paper.key: press.number_of(one.paper) for one in pieces}
    about = replace(press.about, pages=_where(pieces, apart), numbers=numbers)
    return draft("file_contents", press.case, about, press.today, letters=press.letters)


def archive(
    press: Press, log: Mapping[str, Any], names: Mapping[int, str], messages: str = ""
) -> Archive:
    """The package of a case. log: the case with its chained log, to be written down; names: of the uploaded files, by
    their ids; messages: what applicant and office wrote to each other, "" for nothing. The same case, files and day give the same bytes. Raises NotPossible, BadInput."""
    papers, press = _papers(press), _without_number(press)
    pieces, apart = paged(press, papers), closed(press, papers)
    contents = _listed(press, pieces, apart)
    front = pdf.write(contents)
    files = {
        f"{CONTENTS}.pdf": front,
        f"{CONTENTS}.csv": as_csv(_sheet(contents)),
        f"{CONTENTS}.xlsx": as_xlsx(_sheet(contents), dated=contents.day),
        VOLUME: _bound(press, front, pieces, f"{CONTENTS}"),
        LOG: _json(log),
        ABOUT: _json(_about(press, pieces, apart)),
        README: _README.encode(),
    }
    if apart:
        sheet = press.form(f"{CLOSED}的材料", [Table(("件号", "题名", "日期", "页号", "不公开的理由"), tuple(
            (str(one.number), one.paper.title, day_words(one.paper.on), one.page,
             press.letters.papers.sealed[one.paper.sealed])
            for one in apart
        ), (2, 8, 4, 3, 5))])  # fmt: skip
        files[f"{CLOSED}/{VOLUME}"] = _bound(press, pdf.write(sheet), apart, f"{CLOSED}的材料")
    files |= dict(_originals(press, pieces))
    if names:
        told = [(path, names[file.id]) for file, path in _paths(press, pieces)]
        files[f"{CLOSED}/原件名称.csv"] = as_csv(
            Sheet("原件名称", ("原件", "上传时的文件名"), told)
        )
    if messages:
        files[f"{CLOSED}/{MESSAGES}"] = messages.encode()
    files[SUMS] = "".join(
        f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ).encode()
    return Archive(pieces, apart, contents, _zipped(files, press.today))


def _papers(press: Press) -> list[Numbered]:
    seen = Seen(press.case, press.about, press.letters, press.today)
    return [Numbered(n, paper) for n, paper in enumerate(papers_in_file(seen), 1)]


def _without_number(press: Press) -> Press:
    """The number of the applicant's identity stands in the closed papers alone."""
    person = press.about.person
    masked = replace(person, id_number=masked_id(person.id_number))
    return replace(press, about=replace(press.about, person=masked))


def _where(pieces: tuple[Piece, ...], apart: tuple[Piece, ...]) -> dict[str, str]:
    where = {one.paper.key: one.page for one in pieces}
    return where | {one.paper.key: f"{CLOSED} {one.page}" for one in apart}


def _bound(press: Press, front: bytes, pieces: tuple[Piece, ...], name: str) -> bytes:
    title = f"政府信息公开申请（编号{press.case.header.number}）案卷"
    sections = [one.section(f"第{one.number}件") for one in pieces]
    body = press.about.name_on(press.today)
    return bind((name, front), sections, title=title, author=body, dated=press.today)


# -- what was uploaded --------------------------------------------------------------------------------


def _paths(press: Press, pieces: tuple[Piece, ...]) -> Iterator[tuple[Attached, str]]:
    """Each uploaded file with its place in the package; its name is not in it: people put identity numbers there."""
    for one in pieces:
        for file in one.paper.files:
            yield file, _path(file, bool(one.paper.sealed))
    closed_ = {kind for one in pieces if one.paper.sealed for kind in one.paper.letters}
    for kept in press.kept:
        if kept.file is not None:
            yield kept.file, _path(kept.file, kept.kind in closed_)


def _path(file: Attached, apart: bool) -> str:
    folder = f"{CLOSED}/{ORIGINALS}" if apart else ORIGINALS
    return f"{folder}/{file.id:05}-{file.label}.{ENDINGS.get(file.media_type, 'bin')}"


def _originals(press: Press, pieces: tuple[Piece, ...]) -> Iterator[tuple[str, bytes]]:
    for file, path in _paths(press, pieces):
        yield path, press.contents[file.id]


# -- what is said of it -------------------------------------------------------------------------------


def retention(press: Press) -> dict[str, Any]:
    """The class and the period of keeping (档案法13, 14; setting retention_years)."""
    case, years = press.case, years_of(press.case)
    on = [line.event.on for line in case.log if line.event.name == "archive"]
    until = kept_until(on[-1], years) if on else None
    return {
        "保管期限": f"{years}年" if years else "永久",
        "归档日期": on[-1].isoformat() if on else None,
        "保管至": "永久" if not years else until.isoformat() if until else None,
    }


def _about(press: Press, pieces: tuple[Piece, ...], apart: tuple[Piece, ...]) -> dict[str, Any]:
    case, law = press.case, press.case.rules.law
    closed_ = {one.paper.key: one for one in apart}
    return {
        "格式": "gongkai-archive-1",
        "机关": {"代码": case.header.agency, "名称": press.about.name_on(press.today)},
        "编号": case.header.number,
        "类别": law.words.kinds[case.header.kind]["label"],
        "状态": law.states[case.state].label,
        "收到之日": _day(case.deadlines.receipt_date),
        "办结之日": _day(case.facts.closed_on),
        "制作日期": press.today.isoformat(),
        **retention(press),
        "材料": [
            {
                "件号": one.number, "题名": one.paper.title, "日期": one.paper.on.isoformat(),
                "页号": closed_[one.paper.key].page if one.paper.key in closed_ else one.page,
                "不公开": press.letters.papers.sealed.get(one.paper.sealed),
                "来源": [
                    {"材料": s.title, "来源": s.origin, "SHA-256": s.sha256, "字节": s.size, "说明": s.note}
                    for s in (closed_.get(one.paper.key) or one).sheets
                ],
            }
            for one in pieces
        ],
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


_README = """核对方法

一、校验全部文件（不需要本系统）：解压到一个空文件夹，在其中运行
    sha256sum -c SHA256SUMS
没有 sha256sum 的，用任何计算 SHA-256 的工具逐个比对。每个文件后面显示“OK”（成功）的，与归档时相同。

二、核对办理记录：办理记录.json 的“log”中，每一条的“hash”是对前一条的“hash”和本条全部内容计算的 SHA-256，
第一条的前一个值是“chain”中的“before”，最后一条的“hash”是“chain”中的“head”。改动、增加、删去任何一条，
以后各条都对不上。“head”也可以与本机关另行保存的记录比对。装有本系统的，运行
    gongkai verify --package 本文件.zip

三、“不公开”文件夹中是身份证明和第三方的信息，只供依法查阅的人员使用；移交、复制以前请先取出。
原件按上传时的内容原样保存，文件名以编号代替，原来的文件名在“不公开/原件名称.csv”中。
"""


# -- the list of contents as tables -------------------------------------------------------------------


def _sheet(listed: Letter) -> Sheet:
    table = next(one for one in listed.elements if isinstance(one, Table) and one.heads)
    return Sheet("".join(listed.title), table.heads, table.rows, name=CONTENTS)


def _zipped(files: Mapping[str, bytes], dated: date) -> bytes:
    """All of it in one package, of the day and in a fixed order."""
    out = io.BytesIO()
    with ZipFile(out, "w") as package:
        for name, data in sorted(files.items()):
            entry = ZipInfo(name, (dated.year, dated.month, dated.day, 0, 0, 0))
            entry.compress_type = ZIP_STORED if name.rpartition(".")[2] in PACKED else ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            package.writestr(entry, data)
    return out.getvalue()
