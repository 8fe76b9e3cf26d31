"""A mail as it lies in a mailbox (EML): who sent it, when it reached the mailbox, what it says, what hangs on it.

Mails of Chinese programs name gb2312 and use what GBK and GB18030 have besides, put such bytes into headers without
saying so, and part a character between two encoded words. Python's own policies for headers give halves of characters
or raise for some of them, so that headers are taken raw and decoded here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

from workflow.dates import FIRST_DAY, LAST_DAY, SHANGHAI
from workflow.files.texts import BadContent, Passage

MAIL = "message/rfc822"
DEEPEST, MOST_PARTS = 8, 200
HEAD = 20_000
"""Bytes in which the header must begin as one."""
TEXT_MOST = 200_000
"""Characters of the text that is taken over."""
_LIKE_GB = ("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "euc-cn", "gb_2312-80", "x-euc-cn")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "section",
        "article",
    ]
)
_SILENT = frozenset(["script", "style", "head", "title", "noscript", "template"])
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")  # fmt: skip
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_ENCODED = ("base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue")
_HEADER = re.compile(rb"[!-9;-~]{1,76}:")


class _Raw(Compat32):
    """Headers as they stand: bytes in them stay to be decoded here."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_RAW = _Raw()


@dataclass(frozen=True, slots=True)
class Hanging:
    """A file that hangs on a mail, or a picture within its text (inline). raw: its bytes as they stand in the mail,
    encoded; empty where they cannot be told."""

    name: str
    content: bytes
    inline: bool
    raw: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. arrived_at: when the mailbox took it, by the uppermost `Received`; sent_at: what the sender's
    machine said; None where nothing believable stands there. text: of the plain part, else of the page."""

    sender_name: str
    sender_address: str
    subject: str
    arrived_at: datetime | None
    sent_at: datetime | None
    text: str
    hanging: tuple[Hanging, ...]


def looks_like_mail(data: bytes) -> bool:
    """True for bytes that begin with the lines of a header."""
    head = data[:HEAD].replace(b"\r\n", b"\n").lstrip(b"\xef\xbb\xbf\n")
    if head.startswith(b"From "):
        head = head.partition(b"\n")[2]
    names = {
        line.partition(b":")[0].lower()
        for line in head.partition(b"\n\n")[0].split(b"\n")
        if _HEADER.match(line)
    }
    return bool(_HEADER.match(head)) and b"from" in names and bool(names & {b"date", b"received", b"subject"})  # fmt: skip


def read_mail(data: bytes) -> Mail:
    """The mail. Raises BadContent for what is none, for one that is encrypted, and for one with too many parts."""
    if not looks_like_mail(data):
        raise BadContent(
            "这不是邮件文件（EML）；请在邮箱里用“另存为”或者“下载邮件”保存成 .eml 再上传"
        )
    message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=_RAW)
    texts: list[str] = []
    hanging: list[Hanging] = []
    for part in _parts(message, 0, [0]):
        if isinstance(part, Hanging):
            hanging.append(part)
        elif part.strip():
            texts.append(part.strip())
    name, address = parseaddr(_header(message, "From", decoded=False))
    return Mail(
        _decoded(name).strip(), address.strip(), _header(message, "Subject"),
        _moment((message.get_all("Received") or [""])[0].rpartition(";")[2]),
        _moment(message.get("Date") or ""),
        "\n\n".join(texts)[:TEXT_MOST], tuple(hanging),
    )  # fmt: skip


def told_by_mail(data: bytes) -> Iterator[Passage]:
    """What is printed of a mail: from whom, about what, when it came, its text, and the names of what hangs on it.
    Raises BadContent."""
    found = read_mail(data)
    arrived = f"{found.arrived_at:%Y-%m-%d %H:%M}" if found.arrived_at else "邮件头没有写明"
    yield Passage(f"发件人：{found.sender_name} {found.sender_address}")
    yield Passage(f"主题：{found.subject}")
    yield Passage(f"到达信箱：{arrived}")
    yield Passage(found.text)
    names = "、".join(one.name for one in found.hanging if not one.inline)
    if names:
        yield Passage(f"附件：{names}")


# -- parts --------------------------------------------------------------------------------------------


def _parts(part: Message, depth: int, counted: list[int]) -> Iterator[str | Hanging]:
    """Its texts and what hangs on it, in their order; of alternatives one is taken."""
    counted[0] += 1
    if depth > DEEPEST or counted[0] > MOST_PARTS:
        raise BadContent("邮件里套的邮件和附件太多，无法检查，请分别上传")
    kind = part.get_content_type()
    if kind in _SEALED:
        raise BadContent("这封邮件加了密，读不出来；请在邮箱里打开，打印成 PDF 上传")
    if kind in _SIGNATURES:
        return
    if part.is_multipart():
        inner = [one for one in part.get_payload() if isinstance(one, Message)]
        if kind == "multipart/alternative":
            yield from _best([list(_parts(one, depth + 1, counted)) for one in inner])
            return
        for one in inner:
            if kind == MAIL:
                yield f"转发的邮件：{_header(one, 'Subject')}"
            yield from _parts(one, depth + 1, counted)
        return
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    name = _file_name(part)
    if kind in ("text/plain", "text/html") and not name and not _is_attachment(part):
        text = text_of(content, part.get_content_charset())
        yield text_of_page(text) if kind == "text/html" else text
    elif content or name:
        inline = not _is_attachment(part) and kind.startswith("image/")
        shown = name or f"附件.{part.get_content_subtype()}"
        yield Hanging(shown, content, inline, _raw(part, content))


def _raw(part: Message, content: bytes) -> bytes:
    if str(part.get("content-transfer-encoding", "")).strip().lower() not in _ENCODED:
        return content
    try:
        payload = part.get_payload()
        return payload.encode("ascii", "surrogateescape") if isinstance(payload, str) else b""
    except UnicodeEncodeError:
        return b""


def _best(choices: list[list[str | Hanging]]) -> Iterator[str | Hanging]:
    """Of several writings of the same the first one with words; what hangs on any of them."""
    texts = [[one for one in parts if isinstance(one, str) and one.strip()] for parts in choices]
    yield from next((found for found in texts if found), [])
    for parts in choices:
        yield from (one for one in parts if isinstance(one, Hanging))


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _file_name(part: Message) -> str:
    for name, header in (("filename", "content-disposition"), ("name", "content-type")):
        said = part.get_param(name, None, header)
        if isinstance(said, tuple):  # RFC 2231: charset, language, bytes as text
            return text_of(said[2].encode("raw-unicode-escape"), said[0]).strip()
        if said:
            return _decoded(said).strip()
    return ""


# -- words --------------------------------------------------------------------------------------------


def text_of(content: bytes, charset: str | None) -> str:
    """Bytes as text by the charset that is named, where that reads them; else by what Chinese programs write."""
    named = (charset or "").strip().lower()
    tried = ["gb18030"] if named in _LIKE_GB else [named] if named not in ("", "us-ascii") else []
    for one in (*tried, "utf-8", "gb18030"):
        try:
            return content.decode(one).replace("\r\n", "\n").replace("\0", "")
        except (ValueError, LookupError):  # of bytes, or of the name itself
            continue
    return content.decode("gb18030", "replace").replace("\r\n", "\n").replace("\0", "")


def _header(message: Message, name: str, *, decoded: bool = True) -> str:
    raw = re.sub(r"\r?\n[ \t]+", " ", message.get(name) or "")
    return (_decoded(raw) if decoded else _bytes_decoded(raw)).strip()


def _bytes_decoded(raw: str) -> str:
    """Bytes that stand in a header as they are, without a word on their charset."""
    if all(char < "\x80" or "\udc80" <= char <= "\udcff" for char in raw):
        return text_of(raw.encode("ascii", "surrogateescape"), None)
    return raw


def _decoded(text: str) -> str:
    """Encoded words as what they say: those of one charset in a row are one row of bytes."""
    text = _bytes_decoded(text)
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    said = "".join(
        piece if isinstance(piece, str) else text_of(piece, charset) for piece, charset in pieces
    )
    return "".join(char for char in said if char.isprintable())


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(re.sub(r"\s+", " ", text).strip())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        here = found.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None
    return here if FIRST_DAY <= here.date() <= LAST_DAY else None


# -- pages --------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.said.append("\n")
        elif tag in ("td", "th"):
            self.said.append("\t")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data))


def text_of_page(page: str) -> str:
    """The words of a page, a line for each block; what no browser shows as words is left out."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    lines = (re.sub(r"[ \xa0]+", " ", line).strip() for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
