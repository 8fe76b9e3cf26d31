"""What a browser calls itself, in two words that its owner knows again."""

from flask import request

BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser() -> str:
    """The browser and the machine of this request."""
    said = request.user_agent.string
    parts = (
        next((label for mark, label in known if mark in said), "") for known in (BROWSERS, MACHINES)
    )
    return "，".join(filter(None, parts)) or "其他浏览器"
