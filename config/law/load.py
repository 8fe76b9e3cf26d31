"""The law in force, read once: `making` reads and checks its tables where no file says what came of it."""

from functools import cache
from pathlib import Path

from config.kept import kept
from config.law.law import Law
from config.law.year import YearRules

FOLDER = Path(__file__).parent


@cache
def load_law(folder: Path = FOLDER) -> Law:
    """Read and check all tables. Raises LawTableError with the file and the row that is wrong."""
    return kept("law", lambda: _made(folder)) if folder == FOLDER else _made(folder)


def _made(folder: Path) -> Law:
    # The models of whole files and what holds the tables together are needed only here.
    from config.law.making import made_law

    return made_law(folder)


def year_rules() -> YearRules:
    """The rules of this installation's law for a report's year."""
    return load_law().year
