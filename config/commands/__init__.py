"""What the commands say of themselves in Chinese: `chinese()` reads words.toml, without more than Python has.

The list of commands is shown before anything else of the program is loaded; a test holds the table to the commands.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "words.toml"


@cache
def chinese() -> dict[str, Any]:
    """The rows: `options` for names that mean the same in every command, then one for each command by its words
    (`user create`): `says`, and what its own options say."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def says(command: str) -> str:
    """What a command does; its first sentence is its line in a list. KeyError for one without a row."""
    return str(chinese()[command]["says"])


def option(command: str, name: str) -> str:
    """What an option of the command says. KeyError for one without a text."""
    own = chinese()[command]
    return str(own[name] if name in own else chinese()["options"][name])
