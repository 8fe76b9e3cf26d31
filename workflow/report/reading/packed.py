"""Packages (zip): office files by what is inside, and archives in which one report was sent."""

import contextlib
import re
import zipfile
from collections.abc import Iterable
from io import BytesIO

from workflow.files import BadContent
from workflow.files.package import members
from workflow.report.reading import refused
from workflow.report.reading.paper import Unreadable

_ANY = re.compile(r"")
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG")
NAMES_SHOWN = 3


def names_of(data: bytes) -> frozenset[str]:
    """The names inside; none for what only begins like a package."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return frozenset(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return frozenset()


def kind_of(names: Iterable[str]) -> str:
    """office, odf or archive. Raises Unreadable for packages of other kinds, with what to save them as."""
    names = frozenset(names)
    if "OFD.xml" in names:
        raise Unreadable(refused.OFD)
    if "xl/workbook.bin" in names:
        raise Unreadable(refused.XLSB)
    if "ppt/presentation.xml" in names:
        raise Unreadable(refused.SLIDES)
    if "content.xml" in names:
        return "odf"
    return "office" if "[Content_Types].xml" in names or _has_office(names) else "archive"


def _has_office(names: frozenset[str]) -> bool:
    return bool(names & {"word/document.xml", "xl/workbook.xml"})


def reports_in(data: bytes) -> dict[str, bytes]:
    """Name → bytes of the files in an archive, without what systems and people lay beside a report.
    Raises Unreadable where there is none."""
    try:
        found = members(data, _ANY)
    except BadContent as error:
        raise Unreadable(str(error)) from error
    inside = {
        name: content for name, content in found.items() if content and not _LITTER.search(name)
    }
    if len(inside) > 1:  # pictures of it beside the report
        inside = {
            name: content for name, content in inside.items() if not content.startswith(_PICTURES)
        } or inside
    if not inside:
        raise Unreadable("压缩包是空的")
    return inside


def several(inside: Iterable[str]) -> Unreadable:
    """What is said of an archive with more files than one."""
    said = [f"“{readable(name)}”" for name in inside]
    names, rest = "、".join(said[:NAMES_SHOWN]), "等" if len(said) > NAMES_SHOWN else ""
    return Unreadable(
        f"压缩包里有 {len(said)} 个文件（{names}{rest}），一次只读一份报告，请解压之后核对其中的一份"
    )


def readable(name: str) -> str:
    """The name of a member; Windows writes it in GBK without saying so."""
    with contextlib.suppress(UnicodeError):
        name = name.encode("cp437").decode("gb18030")
    return "".join(char for char in name.rpartition("/")[2] if char.isprintable())[:80]
