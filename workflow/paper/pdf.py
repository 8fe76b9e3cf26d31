"""The base of every PDF: set by typst in the fonts that are shipped, so that a screen reader can read it (PDF/UA-1)."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import fonts
from workflow.refusal import BadInput, FieldError

if TYPE_CHECKING:
    import typst


def set_in_type(template: Path, name: str, data: Any, dated: date, *, tagged: bool = True) -> bytes:
    """The bytes of the PDF that a template makes of the data, which it reads as JSON in sys.inputs under the
    name; the same data give the same bytes. tagged: that a screen reader can read it; not what is only laid on
    other pages."""
    import typst  # loaded with the first PDF: it takes as much memory as the framework of the pages

    compiler = typst.Compiler(root=str(template.parent), font_paths=_fonts())
    made, told = compiler.compile_with_warnings(
        template.read_bytes(),
        format="pdf",
        sys_inputs={name: json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"] if tagged else [],
        pdf_tags=tagged,
        timestamp=datetime.combine(dated, time(), UTC),
    )
    if told or not isinstance(made, bytes):
        raise RuntimeError(f"typst: {'; '.join(str(one) for one in told)}")
    return made


def ask_for_glyphs(texts: Iterable[tuple[str, str]]) -> None:
    """Raises BadInput for every character that no shipped font can print, with its place. texts: places with
    what stands there."""
    lacking = [
        FieldError(
            where,
            f"“{char}”（U+{ord(char):04X}）没有可用的字形，无法印成 PDF。"
            "请换一种写法，或者请管理员把含有该字的字体放入 config/fonts",
        )
        for where, text in texts
        for char in fonts.without_glyph(text)
    ]
    if lacking:
        raise BadInput(lacking)


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(fonts.FOLDER)],
    )
