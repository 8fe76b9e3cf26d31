"""The channels that exist, those in force, and what applicants are told: channels.toml, told.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import Field

from config.errors import TableError
from config.kept import kept
from config.law import load_law
from config.rows import (
    ROW,
    Flag,
    Pattern,
    Text,
    Word,
    Words,
    checked,
    made_from,
    required,
    toml,
)

FOLDER = Path(__file__).parent
ADDRESSES = ("email", "phone", "account")
IN_APP = "in_app"
ACCOUNT_SHAPE = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}"


CLASS = r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*$"
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Setting = tuple[Port | Annotated[str, Field(pattern=r"^(\S(.*\S)?)?$")], Text]
"""A default and what the setting means."""
SECRET = ("_password", "_secret", "_url")
PORT = "_port"
READ: Mapping[str, tuple[str, ...]] = {
    "mail": (
        *("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "smtp_ca_file"),
        "mail_from",
    ),
    "sms": ("sms_url", "sms_method", "sms_body", "sms_type", "sms_headers", "sms_success"),
    "webhook": ("webhook_url", "webhook_secret"),
    "wecom": ("wecom_url",),
    "dingtalk": ("dingtalk_url", "dingtalk_secret"),
    "feishu": ("feishu_url", "feishu_secret"),
}
"""The settings that the classes of notifications/channels read."""


class ChannelError(TableError):
    """A row of channels.toml or told.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A channel as its row says; `class_path` is module:Class in notifications; lacks: what `needs` asks for, in words."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    follows: Literal["in_app", "mail", "sms"]
    to: Literal["person", "group"]
    repeats: Flag
    needs: Words
    lacks: Annotated[str, made_from(Text)] = ""
    class_path: Annotated[str, Field(validation_alias="class", pattern=CLASS)] = ""
    address: Annotated[str, made_from(Literal["email", "phone", "account"])] = ""
    applicants: Flag = False
    secret: Words = ()
    settings: dict[Word, Setting] = field(default_factory=dict)
    account: Annotated[str, made_from(Text)] = ""
    account_shape: Pattern = ACCOUNT_SHAPE

    def lacking(self, settings: Mapping[str, Any]) -> list[str]:
        """The settings without which it is not in force and which are empty."""
        return [name for name in self.needs if not settings[name]]


@dataclass(frozen=True, slots=True)
class Told:
    """What an applicant is told when an event happens."""

    __pydantic_config__ = ROW
    event: Annotated[Word, Field(validation_alias="name")]
    moment: Word
    label: Text
    words: Text
    words_no_due: Text
    basis: Text


@cache
def load_channels(folder: Path = FOLDER) -> Mapping[str, ChannelKind]:
    """Every channel by name. Raises ChannelError with the row that is wrong."""
    return kept("channels", lambda: _checked(folder)) if folder == FOLDER else _checked(folder)


def _checked(folder: Path) -> Mapping[str, ChannelKind]:
    file = "channels.toml"
    found: dict[str, ChannelKind] = {}
    for name, row in toml(folder / file, ChannelError).items():
        kind = checked(_with_name(file, name, row), ChannelKind, f"{file}: {name}", ChannelError)
        slip = _slip(kind, {key for other in found.values() for key in other.settings})
        if slip:
            raise ChannelError(f"{file}: {name}: {slip}")
        required(f"{file}: {name}", "setting", READ.get(name, ()), kind.settings, ChannelError)
        found[name] = kind
    if IN_APP not in found:
        raise ChannelError(f"{file}: in_app is missing")
    return found


def _slip(kind: ChannelKind, taken: set[str]) -> str:
    """What is wrong with a channel; empty if nothing is. taken: settings of the channels before."""
    known = set(kind.settings)
    for wrong, message in (
        (
            kind.to == "person" and kind.name != IN_APP and not (kind.address or kind.account),
            "address: a person is reached by an address or an account",
        ),
        (bool(known) != bool(kind.needs), "needs: without a setting it would always be in force"),
        (bool(kind.needs) != bool(kind.lacks), "lacks: what it needs, in words"),
        (
            bool({name for name in known if name.endswith(SECRET)} - set(kind.secret)),
            f"secret: settings that end in {', '.join(SECRET)} are never printed",
        ),
        (
            any(isinstance(kind.settings[name][0], int) != name.endswith(PORT) for name in known),
            f"settings: a number is for names that end in {PORT}, and a text for the others",
        ),
        (bool(kind.class_path) == (kind.name == IN_APP), "class: every channel but in_app has one"),
        (kind.address == "account" and not kind.account, "account is missing"),
        (bool(set(kind.needs) - known), f"needs: no setting named {set(kind.needs) - known}"),
        (bool(set(kind.secret) - known), f"secret: no setting named {set(kind.secret) - known}"),
        (bool(known & taken), f"settings: {known & taken} stand at another channel too"),
        ((kind.name == IN_APP) != (kind.follows == IN_APP), "follows: in_app is for in_app alone"),
    ):
        if wrong:
            return message
    return ""


def _with_name(file: str, name: str, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or "name" in row or "event" in row:
        raise ChannelError(f"{file}: {name}: a table without a name of its own is needed")
    return {**row, "name": name}


def in_force(settings: Mapping[str, Any]) -> tuple[ChannelKind, ...]:
    """The channels for which everything needed is set; in_app always."""
    return tuple(kind for kind in load_channels().values() if not kind.lacking(settings))


BESIDE = frozenset(("answer_message",))
"""What applicants are told besides events: the office answered what they wrote."""


@cache
def load_told(folder: Path = FOLDER) -> Mapping[str, Told]:
    """What applicants are told, by event. Raises ChannelError for words that would say more than
    number and day."""
    file = "told.toml"
    found: dict[str, Told] = {}
    for event, row in toml(folder / file, ChannelError).items():
        told = checked(_with_name(file, event, row), Told, f"{file}: {event}", ChannelError)
        for words in (told.words, told.words_no_due):
            if not _placeholders(words) <= {"number", "due"}:
                raise ChannelError(f"{file}: {event}: only {{number}} and {{due}} may be told")
        if "due" in _placeholders(told.words_no_due):
            raise ChannelError(f"{file}: {event}: words_no_due: there is no day to tell")
        if told.moment in {other.moment for other in found.values()}:
            raise ChannelError(f"{file}: {event}: moment: {told.moment} stands twice")
        if event not in load_law().transitions and event not in BESIDE:
            raise ChannelError(f"{file}: {event}: no event of transitions.toml is named so")
        found[event] = told
    return found


def _placeholders(words: str) -> set[str]:
    """The names between braces; text that is no template counts as one name that nobody knows."""
    try:
        return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    except ValueError:
        return {words}
