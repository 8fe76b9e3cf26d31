"""The fonts that may be shipped (SIL Open Font License), and which characters they can print."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
NO_GLYPH = "〓"
"""Stands for a character that no font can print."""
_UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))


@cache
def files() -> tuple[Path, ...]:
    """Every font in the folder, also those that an office laid there for rare characters."""
    return tuple(sorted(path for path in FOLDER.iterdir() if path.suffix in (".ttf", ".otf")))


@cache
def printable() -> frozenset[int]:
    """The code points for which one of the fonts has a glyph."""
    return frozenset().union(*(_code_points(path) for path in files()))


def without_glyph(text: str) -> list[str]:
    """The characters of a text that no font can print, each once; blanks and marks that are not seen
    need no glyph."""
    lacking = (
        char
        for char in dict.fromkeys(text)
        if ord(char) not in printable() and unicodedata.category(char) not in _UNSEEN
    )
    return list(lacking)


def printed(text: str) -> str:
    """The text with 〓 in the place of every character that no font can print."""
    lacking = without_glyph(text)
    return text.translate({ord(char): NO_GLYPH for char in lacking}) if lacking else text


def _code_points(path: Path) -> frozenset[int]:
    """What the font's own table of characters lists (OpenType cmap, format 12 or else 4)."""
    data = path.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    cmap = next(
        offset
        for tag, _, offset, _ in (
            struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(tables)
        )
        if tag == b"cmap"
    )
    found: frozenset[int] = frozenset()
    for n in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
        at = cmap + offset
        form = struct.unpack_from(">H", data, at)[0]
        if form == 12:
            return _of_format_12(data, at)
        if form == 4 and (platform, encoding) in ((0, 3), (3, 1)):
            found = _of_format_4(data, at)
    return found


def _of_format_12(data: bytes, at: int) -> frozenset[int]:
    groups = struct.unpack_from(">I", data, at + 12)[0]
    found: set[int] = set()
    for n in range(groups):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * n)
        found.update(range(first, last + 1))
    return frozenset(found)


def _of_format_4(data: bytes, at: int) -> frozenset[int]:
    segments = struct.unpack_from(">H", data, at + 6)[0] // 2
    lasts = struct.unpack_from(f">{segments}H", data, at + 14)
    firsts = struct.unpack_from(f">{segments}H", data, at + 16 + 2 * segments)
    pairs = zip(firsts, lasts, strict=True)
    return frozenset(code for first, last in pairs for code in range(first, last + 1)) - {0xFFFF}
