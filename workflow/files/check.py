"""The check of an uploaded file, before anything of it is kept."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from workflow.files import mail, package, photo, picture, sheet
from workflow.files.texts import BadContent, Passage
from workflow.files.unwanted import why_not
from workflow.refusal import Refused
from workflow.rules.secrecy import bears_secret_mark, secret_refusal

NAME_LENGTH = 120
TEXT_MOST = 4_000_000
"""Characters of text that are looked through; what has more cannot be checked and is refused."""
TEXT_KEPT = 200_000
"""Characters of a file by which it is found again; of a longer one its beginning."""

_EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    photo.HEIC: ("heic", "heif", "hif"),
    photo.TIFF: ("tif", "tiff"),
    package.DOCX: ("docx", "wps"),
    package.XLSX: ("xlsx", "et"),
    package.OFD: ("ofd",),
    sheet.CSV: ("csv",),
    mail.MAIL: ("eml",),
}
MEDIA_TYPES = tuple(_EXTENSIONS)
"""What a file that is kept may be."""
_OF_WPS = ("wps", "et")
"""Endings that WPS gives to what is DOCX or XLSX inside: the file is shown and handed out under the
ending that every program knows. Its bytes stay as they came."""


def _texts_of_pdf(data: bytes) -> Iterator[Passage]:
    # What reads a PDF takes as much memory as the framework of the pages: loaded with the first file.
    from workflow.files import pdf

    return pdf.texts(data)


def _texts_of_mail(data: bytes) -> Iterator[Passage]:
    """What a mail says and what hangs on it says: each is looked at as if it had come by itself. Pictures within the
    text (marks of mail programs) may be of types that are not taken by themselves."""
    found = mail.read_mail(data)
    yield Passage(found.subject, True)
    yield Passage(found.text, True)
    for one in found.hanging:
        shown = clean_name(one.name)
        yield Passage(shown.rpartition(".")[0] or shown, True)
        try:
            yield from _texts_of_hanging(one)
        except BadContent as error:
            raise BadContent(f"附件“{shown}”不能收：{error}") from error


def _texts_of_hanging(one: mail.Hanging) -> Iterator[Passage]:
    if one.content and not (one.inline and one.content.startswith(_PICTURES_IN_TEXT)):
        ending = clean_name(one.name).rpartition(".")[2]
        yield from _READERS[type_of(one.content, ending)](one.content)


def why_not_with_a_mail(one: mail.Hanging) -> str | None:
    """Why a mail cannot be kept with this on it; None where it can."""
    try:
        for _ in _texts_of_hanging(one):
            pass
    except BadContent as error:
        return str(error)
    return None


_PICTURES_IN_TEXT = (b"GIF8", b"BM", b"RIFF")
_READERS: dict[str, Callable[[bytes], Iterator[Passage]]] = {
    "application/pdf": _texts_of_pdf,
    "image/jpeg": picture.texts_of_jpeg,
    "image/png": picture.texts_of_png,
    photo.HEIC: photo.texts_of_photo,
    photo.TIFF: photo.texts_of_photo,
    package.DOCX: package.texts_of_docx,
    package.XLSX: sheet.texts_of_xlsx,
    package.OFD: package.texts_of_ofd,
    sheet.CSV: sheet.texts_of_csv,
    mail.MAIL: _texts_of_mail,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept. name is for display only, never a path. size in bytes. says: what is read in it,
    each text with its page where the format tells; nothing of pictures."""

    name: str
    media_type: str
    size: int
    sha256: str
    says: tuple[tuple[int | None, str], ...] = field(default=(), repr=False, compare=False)


def checked(name: str, data: bytes, most_bytes: int) -> Checked:
    """The file, if it may come in.

    Rule: which types of file are accepted (`ACCEPTED`), told by their bytes and not by their name.

    Raises BadContent for what is empty, too big, of another type than accepted or than its name says,
    encrypted, active, packed too tight or broken; Refused (state_secret_content) for a
    classification mark in the name, the text or the metadata (保密法31(3)).
    """
    if not data:
        raise BadContent("请选择文件；选中的文件是空的")
    if len(data) > most_bytes:
        raise BadContent(f"文件超过 {most_bytes // (1024 * 1024)} MB，请压缩或者分开上传")
    shown = clean_name(name)
    stem, _, ending = shown.rpartition(".")
    if bears_secret_mark(stem or shown, document=True):
        raise Refused(secret_refusal("file"))
    media_type = type_of(data, ending)
    if ending.lower() not in _EXTENSIONS[media_type]:
        if stem and re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
            raise BadContent(
                f"文件名以“.{ending}”结尾，内容却是 {_EXTENSIONS[media_type][0].upper()}，请核对后再上传"
            )
        shown = f"{shown}.{_EXTENSIONS[media_type][0]}"
    elif ending.lower() in _OF_WPS:
        shown = f"{stem}.{_EXTENSIONS[media_type][0]}"
    length = left = 0
    says: list[tuple[int | None, str]] = []
    if not media_type.startswith("image/"):
        left = TEXT_KEPT
    for said in _READERS[media_type](data):
        length += len(said.text)
        if length > TEXT_MOST:
            raise BadContent("文件的文字太多，无法检查，请分成几份上传")
        if bears_secret_mark(said.text, document=said.face):
            raise Refused(secret_refusal("file"))
        if left > 0 and not said.about and (text := said.text.strip()):
            says.append((said.page, text[:left]))
            left -= len(text)
    return Checked(shown, media_type, len(data), hashlib.sha256(data).hexdigest(), tuple(says))


def says(data: bytes, media_type: str) -> tuple[tuple[int | None, str], ...]:
    """What is read in a file that was taken before, as `checked` tells it; nothing of what cannot be read."""
    found: list[tuple[int | None, str]] = []
    left = 0 if media_type.startswith("image/") else TEXT_KEPT
    try:
        for said in _READERS[media_type](data) if left else ():
            if left > 0 and not said.about and (text := said.text.strip()):
                found.append((said.page, text[:left]))
                left -= len(text)
    except (BadContent, KeyError):
        return ()
    return tuple(found)


def type_of(data: bytes, ending: str = "") -> str:
    """The media type that the bytes show; a table in plain text is one only by the ending of its name.

    Raises BadContent for any that is not accepted, with what to save it as.
    """
    if data.startswith(b"PK\x03\x04"):
        return package.kind_of(data)
    for start, media_type in (
        (b"%PDF-", "application/pdf"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ):
        if data.startswith(start):
            return _without_package(data, media_type)
    scanned = photo.type_of(data)
    if scanned:
        return _without_package(data, scanned)
    if ending.lower() == "eml" and mail.looks_like_mail(data):
        return mail.MAIL
    if ending.lower() == "csv" and sheet.looks_like_text(data):
        return _without_package(data, sheet.CSV)
    raise BadContent(why_not(data))


def _without_package(data: bytes, media_type: str) -> str:
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise BadContent("文件里夹带了压缩包，请去掉之后再上传")
    return media_type


def texts(data: bytes, media_type: str) -> Iterator[Passage]:
    """Every text of a file of that type, metadata included. Raises BadContent as `checked` does."""
    return _READERS[media_type](data)


def clean_name(name: str) -> str:
    """A file name fit to be shown: no folders, no control or direction characters, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", last)
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    plain = re.sub(r" +", " ", re.sub(r'[<>:"|?*]', "_", plain)).strip(" .")
    if len(plain) > NAME_LENGTH:
        stem, dot, ending = plain.rpartition(".")
        if not dot or len(ending) > 5:
            stem, dot, ending = plain, "", ""
        plain = stem[: NAME_LENGTH - len(dot + ending)].rstrip(" .") + dot + ending
    return plain or "未命名"
