"""Files as they come in: each is judged by itself, before anything of it is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workflow.files import BadContent, Checked, checked, clean_name, leftovers, outward
from workflow.files.mail import MAIL
from workflow.refusal import BadInput, FieldError, Refused
from workflow.service.scanner import Scanner

AT_ONCE = 10
"""Files in one form."""


@dataclass(frozen=True)
class Sent:
    """A file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Good:
    """A file that has passed every check. number: which of the form's it was, from 1."""

    number: int
    checked: Checked
    content: bytes
    warnings: tuple[str, ...]

    @property
    def called(self) -> str:
        return f"“{self.checked.name}”"


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that lies with a form that is not handed in yet. size in bytes."""

    id: int
    kind: str
    kind_label: str
    name: str
    size: int


@dataclass(frozen=True)
class Judge:
    """Says of each file of a form whether it may be kept. most_bytes: of one file; scanner: what looks at
    every file besides, None for nothing."""

    most_bytes: int
    scanner: Scanner | None = None

    def of(
        self, kind: str, kinds: tuple[str, ...], sent: Sequence[Sent]
    ) -> tuple[list[Good], tuple[str, ...]]:
        """The files that can be kept, and of each other which it is and why not.

        Raises BadInput if none can be kept or the kind is wrong, and Refused for a single file with a
        classification mark.
        """
        good, refused = [], []
        unkind = [] if kind in kinds else [FieldError("kind", "请选择这是什么材料")]
        if len(sent) > AT_ONCE:
            raise BadInput(
                [FieldError("file", f"一次最多 {AT_ONCE} 个文件，没有保存，请分几次上传")]
            )
        for number, each in enumerate(sent or [Sent("", b"")], 1):
            try:
                good.append(self.one(number, each, kind))
            except BadContent as error:
                called = f"“{clean_name(each.name)}”：" if len(sent) > 1 else ""
                refused.append(f"{called}{error}")
            except Refused as error:
                if len(sent) == 1 and not unkind:
                    raise
                # Its name may be as secret as what it says.
                said = error.refusal
                refused.append(
                    f"第 {number} 个文件：{said.message}（{said.article}）。{said.allowed_when}"
                )
        if unkind or not good:
            raise BadInput([*unkind, *(FieldError("file", why) for why in refused)])
        return good, tuple(refused)

    def each(
        self, kinds: Collection[str], sent: Sequence[tuple[str, Sent]]
    ) -> tuple[list[tuple[str, Good]], list[FieldError]]:
        """The files that can be kept, each with its kind, and of each other which and why not, at the field of its
        kind (`file_…`)."""
        good, errors = [], []
        for number, (kind, one) in enumerate(sent, 1):
            try:
                if kind not in kinds:
                    raise BadContent("请选择这是什么材料")
                good.append((kind, self.one(number, one, kind)))
            except BadContent as error:
                errors.append(FieldError(f"file_{kind}", f"“{clean_name(one.name)}”：{error}"))
            except Refused as error:
                # Its name may be as secret as what it says.
                said = error.refusal
                words = f"有一个文件没有保存：{said.message}（{said.article}）。{said.allowed_when}"
                errors.append(FieldError(f"file_{kind}", words))
        return good, errors

    def one(self, number: int, sent: Sent, kind: str) -> Good:
        """The checked file, and what it would fetch or betray. Raises BadContent and Refused."""
        found = checked(sent.name, sent.content, self.most_bytes)
        if found.media_type == MAIL and kind != "envelope":
            raise BadContent("邮件文件请在“登记”页读取；补充的材料请打印成 PDF，附件分别上传")
        if self.scanner is not None:
            self.scanner.ask(sent.content)
        warnings = outward(sent.content, found.media_type)
        if kind == "reply":
            warnings += leftovers(sent.content, found.media_type)
        return Good(number, found, sent.content, warnings)


def handed_name(number: str, kind: str, file_id: int, name: str) -> str:
    """Under which a file leaves the office: number of its case, kind in words, id. People put names and numbers of
    identity into the names of their own."""
    return f"{number}-{kind}-{file_id}.{name.rpartition('.')[2]}"
