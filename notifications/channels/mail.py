"""E-mail by SMTP with TLS."""

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from notifications.channels import TITLE, Permanent, Temporary, Unclear, links
from notifications.channels.deadline import CONNECT_SECONDS, WHOLE_SECONDS, hang_up_after
from notifications.channels.mail_text import Said
from workflow.service.messages.outbox import Outgoing

ONE_CLICK = "List-Unsubscribe=One-Click"
"""What a provider of mailboxes sends to the address of List-Unsubscribe (RFC 8058)."""
WIDE = str.maketrans('(),:;<>@[]"\\', "（），：；〈〉＠［］＂＼")
"""What has a meaning in an address, as what has none: notmuch 0.37 reads a comma in an encoded name as the end of it."""


class Mail:
    """One mail per message. The Message-ID follows from the message's key, so that a second copy, if
    one is ever sent by hand, can be recognised."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.connect_seconds, self.whole_seconds = CONNECT_SECONDS, WHOLE_SECONDS

    def send(self, message: Outgoing, handing: Callable[[], None]) -> str:
        if not message.address:
            raise Permanent("没有电子邮箱")
        try:
            letter = self.letter(message)
        except ValueError as error:
            raise Permanent("电子邮箱不能用") from error
        smtp = self._smtp()
        try:
            with hang_up_after(self.whole_seconds, lambda: smtp.sock):
                return self._send_letter(smtp, message.address, letter, handing)
        finally:
            smtp.close()

    def letter(self, message: Outgoing) -> EmailMessage:
        """The mail, as text and as a page. Raises ValueError for an address that is none, Temporary for a sender that
        is none: the operator can set another.

        Mails about one case name the same mail before them, which was never sent, so that every reader
        puts them together, whichever of them it has; what they name tells nothing of the case.
        """
        letter, body = EmailMessage(policy=SMTP), " ".join(message.body.split())
        letter["From"] = self._sender(body)
        letter["To"] = message.address
        letter["Subject"] = _subject(message.about, body)
        letter["Date"] = message.created_at
        letter["Message-ID"] = f"<{message.key}@{self._domain()}>"
        if message.thread:
            letter["In-Reply-To"] = letter["References"] = f"<{message.thread}@{self._domain()}>"
        letter["Auto-Submitted"] = "auto-generated"
        look, refuse = links(message, self.settings)
        if look and not message.of_account:
            # RFC 8058: the provider of the mailbox refuses for the reader, with one click.
            letter["List-Unsubscribe"] = f"<{refuse}>"
            letter["List-Unsubscribe-Post"] = ONE_CLICK
        said = Said(message.text.replace("；申请 ", "；\n申请 ").split("\n"), look, refuse, body)
        letter.set_content(said.text(), cte="base64")
        letter.add_alternative(said.page(), subtype="html", cte="base64")
        letter.set_boundary(f"=_{message.key[:40]}")
        return letter

    def _sender(self, body: str) -> Address:
        """The address of the installation, under the name of the body and the name that was set for it."""
        given = str(self.settings["mail_from"])
        name, address = given.partition("<")[0].strip(' "') if "<" in given else "", _bare(given)
        called = f"{body}（{name}）" if body and name and name != body else body or name
        called = called.translate(WIDE)
        try:
            return Address(called, addr_spec=address)
        except (ValueError, IndexError, MessageError) as error:
            raise Temporary("发件地址（mail_from）不是一个邮箱地址") from error

    def _domain(self) -> str:
        return str(self.settings["mail_from"]).rpartition("@")[2].strip("> ") or "localhost"

    def _smtp(self) -> smtplib.SMTP:
        """Not yet connected: its socket can be hung up on from the first byte."""
        domain, seconds = self._domain(), self.connect_seconds
        if self.settings["smtp_security"] == "tls":
            return smtplib.SMTP_SSL(local_hostname=domain, timeout=seconds, context=self._context())
        return smtplib.SMTP(local_hostname=domain, timeout=seconds)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings["smtp_ca_file"] or None)

    def _send_letter(
        self, smtp: smtplib.SMTP, address: str, letter: EmailMessage, handing: Callable[[], None]
    ) -> str:
        host, port = str(self.settings["smtp_host"]), int(self.settings["smtp_port"])
        # The name that the certificate must bear; the library takes it only from its constructor.
        smtp._host = host  # type: ignore[attr-defined]  # private
        try:
            self._must_accept(smtp.connect(host, port), "邮件服务器不接待")
        except ssl.SSLError as error:
            raise Temporary("邮件服务器的证书不可信，或者不能加密") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary("邮件服务器连接不上") from error
        try:
            self._log_in(smtp)
            self._must_accept(
                smtp.mail(_bare(str(self.settings["mail_from"]))), "发件人被拒绝", of_channel=True
            )
            self._must_accept(smtp.rcpt(address), "收件人地址被拒绝")
            self._must_accept(smtp.docmd("DATA"), "邮件被拒绝", of_channel=True)
        except ssl.SSLError as error:
            raise Temporary("邮件服务器的证书不可信，或者不能加密") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Temporary("邮件服务器不支持所要求的加密或者登录方式") from error
        except smtplib.SMTPAuthenticationError as error:
            raise Temporary("邮件服务器不接受用户名或者密码") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary("邮件服务器没有在规定时间内回答，或者断开了") from error
        handing()
        try:
            smtp.send(_dotted(letter.as_bytes()))
            code, _ = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear("邮件已经交给服务器，没有等到它的确认") from error
        self._must_accept((code, b""), "邮件被拒绝", of_channel=True)
        return f"邮件服务器已经收下（{code}）"

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        security = self.settings["smtp_security"]
        smtp.ehlo_or_helo_if_needed()
        if security == "starttls":
            smtp.starttls(context=self._context())
            smtp.ehlo()
        elif security not in ("tls", "none"):
            raise Temporary("smtp_security 只能是 starttls、tls 或者 none")
        if self.settings["smtp_user"]:
            smtp.login(self.settings["smtp_user"], self.settings["smtp_password"])

    @staticmethod
    def _must_accept(answer: tuple[int, bytes], problem: str, *, of_channel: bool = False) -> None:
        """Raises Permanent or Temporary where the server's answer to a command is no yes."""
        code = answer[0]
        if 200 <= code < 400:
            return
        if 500 <= code < 600:
            raise Permanent(f"{problem}（{code}）", of_channel=of_channel)
        raise Temporary(f"{problem}，稍后再试（{code}）")


def _subject(about: str, body: str) -> str:
    """What it is about and who says it; the same for all mails about a case, as readers of mail that put them together
    look at it too."""
    said = f"{TITLE}：{about}" if about else TITLE
    return f"{said}（{body}）" if body else said


def _bare(address: str) -> str:
    """The address without a name before it."""
    found = re.search(r"<([^>]+)>", address)
    return found[1] if found else address.strip()


def _dotted(content: bytes) -> bytes:
    """The content as it goes over the wire, with the dot that ends it."""
    content = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"
