"""The shipped fonts: what they are is written beside them, and which characters they print is known."""

import hashlib
import struct
import unicodedata

from config import fonts

CARRIED = {path.name: path for path in fonts.files() if path.name.startswith("Noto")}


def _subtables(data):
    """Format → offset of the tables of characters of a font."""
    count = struct.unpack_from(">H", data, 4)[0]
    tables = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(count))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    subtables = (
        struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
        for n in range(struct.unpack_from(">H", data, cmap + 2)[0])
    )
    offsets = [cmap + offset for _, _, offset in subtables]
    return {struct.unpack_from(">H", data, at)[0]: at for at in offsets}


def test_every_font_stands_in_the_list_with_its_sum():
    told = (fonts.FOLDER / "README.md").read_text(encoding="utf-8")
    licence = (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert len(CARRIED) == 5 and "SIL OPEN FONT LICENSE Version 1.1" in licence
    for name, path in CARRIED.items():
        assert f"`{name}`" in told and hashlib.sha256(path.read_bytes()).hexdigest() in told


def test_the_fonts_stay_small_enough_to_be_shipped():
    assert sum(path.stat().st_size for path in CARRIED.values()) < 45_000_000


def test_both_tables_of_characters_say_the_same_of_the_basic_plane():
    for name in ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf", "NotoSansSC-Regular.ttf"):
        data = CARRIED[name].read_bytes()
        at = _subtables(data)
        old, new = fonts._of_format_4(data, at[4]), fonts._of_format_12(data, at[12])
        assert {code for code in new if code < 0x10000} == old


def test_the_common_characters_are_all_there():
    hanzi = [chr(code) for code in range(0x4E00, 0x9FEF)] + [chr(c) for c in range(0x3400, 0x4DB6)]
    assert fonts.without_glyph("".join(hanzi)) == []
    assert fonts.without_glyph("𠮷某𬎆𡈽𬎆") == ["𬎆"]
    assert unicodedata.category("\u200b") == "Cf" and fonts.without_glyph("a\u200b \t") == []
