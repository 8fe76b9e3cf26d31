"""What a file is that cannot be taken, and what its sender may save or send instead."""

ACCEPTED = "PDF、JPG、PNG、HEIC、TIFF、DOCX、OFD、XLSX、CSV"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_PICTURE = "请另存为 JPG 或者 PNG 再上传"
_AS_PAPER = "请另存为 DOCX 或者 PDF 再上传"
_AS_SHEET = "请另存为 XLSX 或者 CSV 再上传"
_UNPACKED = "请先解压，把里面的文件分别上传"
_FILM = "请截图或者写成文字上传；需要提交原件的，刻录在光盘上当面或者邮寄提交"
_PROGRAM = "请上传文件本身，不要上传程序"

_STARTS = (
    (b"Rar!\x1a\x07", "压缩包（RAR）", _UNPACKED),
    (b"7z\xbc\xaf\x27\x1c", "压缩包（7z）", _UNPACKED),
    (b"\x1f\x8b", "压缩包（GZ）", _UNPACKED),
    (b"BZh", "压缩包（BZ2）", _UNPACKED),
    (b"\xfd7zXZ\0", "压缩包（XZ）", _UNPACKED),
    (b"GIF8", "GIF 图片", _AS_PICTURE),
    (b"BM", "BMP 图片", _AS_PICTURE),
    (b"{\\rtf", "RTF 文件", _AS_PAPER),
    (b"CAJ", "CAJ 文件", "请打印成 PDF 再上传"),
    (b"AC10", "CAD 图纸（DWG）", "请打印成 PDF 再上传"),
    (b"ID3", "录音", _FILM),
    (b"#!AMR", "录音", _FILM),
    (b"\x1aE\xdf\xa3", "视频", _FILM),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "录音或者视频", _FILM),
    (b"MZ", "程序", _PROGRAM),
    (b"\x7fELF", "程序", _PROGRAM),
)
"""First bytes, what the file is, what to do."""
_OF_RIFF = {
    b"WEBP": ("WEBP 图片", _AS_PICTURE), b"AVI ": ("视频", _FILM), b"WAVE": ("录音", _FILM),
}  # fmt: skip
_OF_OLE = (
    ("EncryptedPackage", "设了密码的文件", "请取消密码，另存为 DOCX、XLSX 或者 PDF 再上传"),
    ("WordDocument", "旧版 Office 文字文件（DOC 或者 WPS）", _AS_PAPER),
    ("Workbook", "旧版 Office 表格（XLS 或者 ET）", _AS_SHEET),
    ("PowerPoint Document", "旧版 Office 演示文稿（PPT 或者 DPS）", "请另存为 PDF 再上传"),
    ("__substg1.0_", "邮件（MSG）", "请打印成 PDF，附件分别上传"),
)
"""A name within the file, what the file is, what to do."""


def why_not(data: bytes) -> str:
    """One sentence in Chinese on a file of none of the accepted types: what it is, what to save it as."""
    what, instead = named(data)
    if not what:
        return f"只接受 {ACCEPTED} 文件{instead}"
    return f"这是{' ' if what[0].isascii() else ''}{what}，{instead}"


def named(data: bytes) -> tuple[str, str]:
    """What a file is that cannot be taken, by its first bytes, and what to do; empty: nobody knows."""
    for start, what, instead in _STARTS:
        if data.startswith(start):
            return what, instead
    if data.startswith(_OLE):
        for name, what, instead in _OF_OLE:
            if name.encode("utf-16-le") in data:
                return what, instead
        return "旧版 Office 文件，或者设了密码的文件", "请另存为不带密码的 DOCX 或者 PDF 再上传"
    if data[:4] == b"RIFF":
        return _OF_RIFF.get(data[8:12], ("录音或者视频", _FILM))
    if data[4:8] == b"ftyp":
        if data[8:12] in (b"avif", b"avis"):
            return "AVIF 图片", _AS_PICTURE
        return "视频", _FILM
    if data[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "视频", _FILM
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "网页", "请打印成 PDF 再上传"
    if head.startswith(b"mime-version"):
        return "网页或者邮件", "请打印成 PDF 再上传"
    if head.startswith(b"<?xml") and b"mso-application" in head:
        return "旧版 Office 文件（XML）", "请另存为 DOCX、XLSX 或者 PDF 再上传"
    if data and b"\0" not in data[:4096]:
        return "", "；纯文字请另存为 DOCX 或者 PDF，数据请另存为 XLSX 或者 CSV"
    return "", ""
