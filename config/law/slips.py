"""How a check of the tables says what is wrong: file, row, and what is missing there or one too many."""

from collections.abc import Collection, Iterator

Said = Iterator[str]


def unknown(place: str, what: str, name: str | None, known: Collection[str]) -> Said:
    """A name that is not known; None is none."""
    if name is not None and name not in known:
        yield f"{place}: no {what} named {name}"


def missing(file: str, what: str, wanted: Collection[str], there: Collection[str]) -> Said:
    """What is wanted and not there."""
    for name in sorted(set(wanted) - set(there)):
        yield f"{file}: {name}: the program asks for this {what}, and it is missing"


def surplus(file: str, what: str, known: Collection[str], there: Collection[str]) -> Said:
    """What is there and known to nobody."""
    for name in sorted(set(there) - set(known)):
        yield f"{file}: {name}: the program knows no such {what}"
