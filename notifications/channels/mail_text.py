"""What a mail says, as text and as a page for readers that show pages."""

from dataclasses import dataclass
from html import escape

AUTOMATIC = "这是系统自动发出的邮件，请不要回复。"
PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
body {{ margin: 0 auto; padding: 16px; max-width: 36em; font: 16px/1.7 sans-serif; }}
.from {{ font-weight: bold; }}
.small {{ font-size: 14px; }}
</style>
</head>
<body>
{parts}
</body>
</html>
"""
"""No colour of its own: a reader in the dark turns letters and ground by itself, and its links stay readable. No picture:
nobody is told when it was read."""


@dataclass(frozen=True, slots=True)
class Said:
    """lines: what is said, plain text. look, refuse: addresses; empty without. body: the name of who says it, or empty."""

    lines: list[str]
    look: str
    refuse: str
    body: str

    def text(self) -> str:
        """Plain text, addresses in full."""
        said = "\n".join(self.lines) + "\n"
        if self.look:
            said += f"\n查询：{self.look}\n不想再收到这样的邮件：{self.refuse}\n"
        return f"{said}\n{self.body}\n{AUTOMATIC}\n" if self.body else f"{said}\n{AUTOMATIC}\n"

    def page(self) -> str:
        """The same as HTML."""
        parts = [f"<p>{escape(line)}</p>" for line in self.lines if line.strip()]
        if self.look:
            parts.append(f'<p><a href="{escape(self.look)}">查询办理进度</a></p>')
            parts.append(
                f'<p class="small"><a href="{escape(self.refuse)}">不想再收到这样的邮件</a></p>'
            )
        if self.body:
            parts.append(f'<p class="from">{escape(self.body)}</p>')
        parts.append(f'<p class="small">{AUTOMATIC}</p>')
        return PAGE.format(title=escape(self.body or "依申请公开"), parts="\n".join(parts))
