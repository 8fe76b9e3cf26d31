"""What the commands say of themselves in Chinese: `chinese()` reads spoken.toml, without more than Python has.

The list of commands is shown before anything else of the program is loaded; a test holds the table to the commands.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from config.errors import TableError

FOLDER = Path(__file__).parent
FILE = "spoken.toml"


class SpokenError(TableError):
    """A row of spoken.toml that cannot be. Names file and row."""


def toml(path: Path, error: type[TableError]) -> dict[str, Any]:
    """What the file says. Raises the error for one that is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as slip:
        raise error(f"{path.name}: {slip}") from slip


@cache
def chinese(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """The rows: `options` for names that mean the same in every command, then one for each command by its words
    (`user create`): `says`, and what its own options say. Raises SpokenError."""
    found = toml(folder / FILE, SpokenError)
    for name, row in found.items():
        if not isinstance(row, dict) or not row:
            raise SpokenError(f"{FILE}: {name}: a row of texts is needed")
        for key, text in row.items():
            if (
                not isinstance(text, str)
                or not text.isprintable()
                or not text.strip() == text != ""
            ):
                raise SpokenError(f"{FILE}: {name}: {key}: one line of text is needed")
        if name != "options" and "says" not in row:
            raise SpokenError(f"{FILE}: {name}: says is missing")
    if "options" not in found:
        raise SpokenError(f"{FILE}: options is missing")
    return found


def says(command: str) -> str:
    """What a command does; its first sentence is its line in a list. KeyError for one without a row."""
    return chinese()[command]["says"]


def option(command: str, name: str) -> str:
    """What an option of the command says. KeyError for one without a text."""
    own = chinese()[command]
    return own[name] if name in own else chinese()["options"][name]
