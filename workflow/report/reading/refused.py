"""What a file is that holds no report that could be read, and what to save it as instead."""

from workflow.files.photo import type_of
from workflow.files.unwanted import named

ACCEPTED = (
    "DOCX、XLSX、ODT、ODS、RTF、HTML、MHT、有文字的 PDF、CSV、TXT、JSON 或者只装了一份报告的 ZIP"
)

_SAVE = {
    "文字": "请用 Word 或者 WPS 打开，另存为 DOCX 再核对",
    "表格": "请用 Excel 或者 WPS 打开，另存为 XLSX 再核对",
    "压缩包": "请先解压，再核对里面的报告",
    "图片": "图片和扫描件里的数字读不出来；请用原来的 DOCX、XLSX 或者网页",
}
"""A word of what the file is → what to do."""
OFD = "这是 OFD 文件，暂时读不出里面的表格；请用原来的 DOCX 或者 XLSX，或者在阅读器里导出为 DOCX、PDF 再核对"
XLSB = "这是二进制的表格（XLSB），请另存为 XLSX 再核对"
SLIDES = "这是演示文稿，不是年度报告；请用原来的 DOCX、XLSX 或者网页"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"GIF8", b"BM")


def why_not(data: bytes) -> str:
    """One sentence in Chinese on a file that is none of those that can be read."""
    if data.startswith(_PICTURES) or type_of(data):
        return f"这是图片，{_SAVE['图片']}"
    what, _ = named(data)
    for word, save in _SAVE.items():
        if word in what:
            return f"这是{what}，{save}"
    if what.startswith("旧版"):
        return f"这是{what}，请用 Word、Excel 或者 WPS 打开，另存为 DOCX 或者 XLSX 再核对"
    if what == "设了密码的文件":
        return "文件设了密码，请取消密码，另存为 DOCX 或者 XLSX 再核对"
    known = f"这是{what}，" if what else ""
    return f"{known}不是年度报告的文件：只读 {ACCEPTED}"
