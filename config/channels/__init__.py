"""The channels that exist, those in force, and what applicants are told: channels.toml, told.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

FOLDER = Path(__file__).parent
WORDS_OF_THE_LADDER = ("in_app", "mail", "sms")
ADDRESSES = ("email", "phone", "account")
IN_APP = "in_app"
ACCOUNT_SHAPE = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}"


class ChannelError(Exception):
    """A row of channels.toml or told.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A channel as its row says; `class_path` is module:Class in notifications."""

    name: str
    label: str
    class_path: str
    follows: str
    to: str
    repeats: bool
    needs: tuple[str, ...]
    address: str = ""
    applicants: bool = False
    secret: tuple[str, ...] = ()
    settings: Mapping[str, tuple[Any, str]] | None = None
    account: str = ""
    account_shape: str = ACCOUNT_SHAPE

    def lacking(self, settings: Mapping[str, Any]) -> list[str]:
        """The settings without which it is not in force and which are empty."""
        return [name for name in self.needs if not settings[name]]


@dataclass(frozen=True, slots=True)
class Told:
    """What an applicant is told when an event happens."""

    event: str
    moment: str
    label: str
    words: str
    words_no_due: str
    basis: str


@cache
def load_channels(folder: Path = FOLDER) -> Mapping[str, ChannelKind]:
    """Every channel by name. Raises ChannelError with the row that is wrong."""
    found = {}
    for name, row in _read(folder / "channels.toml").items():
        try:
            kind = ChannelKind(
                name,
                row["label"],
                row["class"] if name != IN_APP else "",
                row["follows"],
                row["to"],
                row["repeats"],
                tuple(row["needs"]),
                row.get("address", ""),
                row.get("applicants", False),
                tuple(row.get("secret", ())),
                {
                    key: (default, meaning)
                    for key, (default, meaning) in row.get("settings", {}).items()
                },
                row.get("account", ""),
                re.compile(row.get("account_shape", ACCOUNT_SHAPE)).pattern,
            )
        except (KeyError, ValueError, re.error) as error:
            raise ChannelError(f"channels.toml: {name}: {error}") from error
        wrong = [
            kind.follows not in WORDS_OF_THE_LADDER,
            kind.to not in ("person", "group"),
            kind.address not in ("", *ADDRESSES),
            kind.address == "account" and not kind.account,
            ":" not in kind.class_path and name != IN_APP,
            bool(set(kind.needs) - set(kind.settings or ())),
            bool(set(kind.secret) - set(kind.settings or ())),
        ]
        if any(wrong):
            raise ChannelError(
                f"channels.toml: {name}: follows, to, address, class, needs or secret"
            )
        found[name] = kind
    if IN_APP not in found:
        raise ChannelError("channels.toml: in_app is missing")
    return found


def in_force(settings: Mapping[str, Any]) -> tuple[ChannelKind, ...]:
    """The channels for which everything needed is set; in_app always."""
    return tuple(kind for kind in load_channels().values() if not kind.lacking(settings))


@cache
def load_told(folder: Path = FOLDER) -> Mapping[str, Told]:
    """What applicants are told, by event. Raises ChannelError for words that would say more than
    number and day."""
    found = {}
    for event, row in _read(folder / "told.toml").items():
        told = Told(event, **row)
        for words in (told.words, told.words_no_due):
            names = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
            if names - {"number", "due"}:
                raise ChannelError(f"told.toml: {event}: only {{number}} and {{due}} may be told")
        found[event] = told
    return found


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ChannelError(f"{path.name}: {error}") from error
