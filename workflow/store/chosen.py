"""What bodies chose, as far as it can be: a setting that has a value which it cannot have is read as not chosen, and noted,
so that one bad row takes no page away from everybody. `verify` names it by the journal."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from config.law import load_law
from workflow.store.dialect_read import note_unread

Row = TypeVar("Row")


def permitted(
    rows: Iterable[Row], name: Callable[[Row], str], value: Callable[[Row], object]
) -> list[Row]:
    """Those of the rows whose value the setting of that name can have; of a setting that the law does not know all."""
    rules, found = load_law().settings, list[Row]()
    for row in rows:
        rule = rules.get(name(row))
        try:
            if rule is not None:
                rule.parse(value(row))
        except ValueError:
            note_unread()
            continue
        found.append(row)
    return found
