"""What each migration does, as `migrations/steps.toml` has it, and from it with which stores this version may work
(docs/decisions/0056)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.errors import TableError

FILE = "steps.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """A migration. says: what it changes, in Chinese; side_by_side: the version of before may go on working meanwhile and
    afterwards; work: what is then done with every case; lost: what going back takes away, in Chinese; back: going back is
    promised."""

    revision: str
    says: str
    side_by_side: bool = False
    work: tuple[str, ...] = ()
    lost: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """All migrations, the first one first; milliseconds of each kind of work for one case."""

    steps: tuple[Step, ...]
    milliseconds: Mapping[str, float]

    def after(self, revision: str | None, until: str | None = None) -> tuple[Step, ...]:
        """The steps from a shape (None: an empty store) to another (None: the newest one). Raises KeyError for a shape that
        is not known."""
        known = [step.revision for step in self.steps]
        for one in (revision, until):
            if one is not None and one not in known:
                raise KeyError(one)
        first = 0 if revision is None else known.index(revision) + 1
        last = len(known) if until is None else known.index(until) + 1
        return self.steps[first:last]

    def oldest_beside(self, revision: str) -> str:
        """The shape that a version has to know so that it may work with a store of this one: the last step at or before
        it that is not side by side."""
        return [one.revision for one in self.after(None, revision) if not one.side_by_side][-1]


def read_steps(folder: Path, order: Sequence[str]) -> Steps:
    """The table of a folder of migrations. order: their revisions, the first one first. Raises TableError where table and
    migrations do not fit."""
    with (folder / FILE).open("rb") as file:
        table = tomllib.load(file)
    times = table.pop("work", {})
    if set(table) != set(order):
        raise TableError(f"{FILE}: {', '.join(sorted(set(table) ^ set(order)))}")
    found = []
    for revision in order:
        row = dict(table[revision])
        work = tuple(row.pop("work", ()))
        try:
            step = Step(revision, work=work, **row)
        except TypeError as error:
            raise TableError(f"{FILE} [{revision}]: {error}") from error
        if not step.says or not times.keys() >= set(work):
            raise TableError(f"{FILE} [{revision}]: says, work")
        found.append(step)
    if found and found[0].side_by_side:
        raise TableError(f"{FILE} [{order[0]}]: there is nothing beside the first")
    return Steps(tuple(found), times)
