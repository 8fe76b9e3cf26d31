"""Mails as programs write them."""

from base64 import b64encode
from email.message import EmailMessage


def mail(
    text: str,
    *,
    sender: str = "张三 <zhang@example.cn>",
    subject: str = "申请公开",
    received: str = "Mon, 06 May 2024 09:00:00 +0800",
    hanging: list[tuple[str, bytes]] | None = None,
) -> bytes:
    """A mail of today's kind, as it lies in the mailbox."""
    made = EmailMessage()
    made["Received"] = f"from a.example.cn by mail.example.gov.cn; {received}"
    made["From"], made["Subject"], made["Date"] = sender, subject, "Sat, 04 May 2024 20:00:00 +0800"
    made.set_content(text)
    for name, content in hanging or ():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def word(text: str, charset: str, said: str = "") -> bytes:
    """An encoded word of a header. said: the charset that it names, where that is not the true one."""
    return b"=?" + (said or charset).encode() + b"?B?" + b64encode(text.encode(charset)) + b"?="
