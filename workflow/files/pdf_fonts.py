"""Chinese fonts that a PDF only names: what their codes stand for.

Office software of years past names a font of the reader's own (宋体, 仿宋) and writes its characters by their
numbers in Adobe's Chinese collection, or in GBK, without a table of what they stand for. ISO 32000 lets it: the
collection's own table holds (9.10.2; the list of encodings, 9.7.5.2). pypdf 7.1 has neither that table nor every
encoding of the list, and gives other characters instead, without an error. A text that nobody can read has no
mark of classification and is never found, so the table is told here.
"""

import codecs
from functools import cache
from typing import Any

from pypdf import PageObject, _cmap
from pypdf.generic import DictionaryObject, IndirectObject, NameObject
from typing_extensions import Buffer

IN_GBK = ("/GBKp-EUC-H", "/GBKp-EUC-V")
BY_NUMBER = ("/Identity-H", "/Identity-V")
_COLLECTION = "adobe_gb1"
_DEEPEST = 8
"""How deep drawings within drawings are looked into."""

for _name in IN_GBK:
    _cmap._predefined_cmap.setdefault(_name, "gbk")
_cmap._predefined_cmap[f"/{_COLLECTION}"] = _COLLECTION


def tell_fonts(page: PageObject) -> None:
    """Name the table for each font of the page that numbers its characters by the collection and brings no
    table of its own."""
    _tell(page, set(), 0)


def _tell(holder: DictionaryObject, seen: set[int], deep: int) -> None:
    resources = _resolved(holder.get("/Resources"))
    if not isinstance(resources, DictionaryObject) or id(resources) in seen or deep > _DEEPEST:
        return
    seen.add(id(resources))
    for font in _listed(resources, "/Font"):
        if _numbered(font):
            font[NameObject("/Encoding")] = NameObject(f"/{_COLLECTION}")
    for drawing in _listed(resources, "/XObject"):
        _tell(drawing, seen, deep + 1)


def _numbered(font: DictionaryObject) -> bool:
    if "/ToUnicode" in font or _resolved(font.get("/Encoding")) not in BY_NUMBER:
        return False
    below = _resolved(font.get("/DescendantFonts")) or []
    system = [_resolved(_resolved(one).get("/CIDSystemInfo")) or {} for one in below]
    return any(
        (str(one.get("/Registry")), str(one.get("/Ordering"))) == ("Adobe", "GB1") for one in system
    )


def _listed(resources: DictionaryObject, kind: str) -> list[DictionaryObject]:
    found = _resolved(resources.get(kind))
    values = map(_resolved, found.values()) if isinstance(found, DictionaryObject) else ()
    return [one for one in values if isinstance(one, DictionaryObject)]


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


@cache
def _characters() -> dict[int, str]:
    # A quarter of a megabyte of table: read when the first such file comes.
    from pdfminer.cmapdb import CMapDB

    return CMapDB.get_unicode_map("Adobe-GB1").cid2unichr


def _decoded(data: Buffer, _errors: str = "strict") -> tuple[str, int]:
    code, table = bytes(data), _characters()
    numbers = (int.from_bytes(code[at : at + 2]) for at in range(0, len(code) - 1, 2))
    return "".join(table.get(number, "\N{REPLACEMENT CHARACTER}") for number in numbers), len(code)


def _never_written(_text: str, _errors: str = "strict") -> tuple[bytes, int]:
    raise LookupError(f"nothing is written in {_COLLECTION}")


def _codec(name: str) -> codecs.CodecInfo | None:
    return codecs.CodecInfo(_never_written, _decoded, name=name) if name == _COLLECTION else None


codecs.register(_codec)
