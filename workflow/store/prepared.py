"""Statements of the way that every event takes, compiled once for each kind of database and handed to the
driver as they are: SQLAlchemy's own way to a compiled statement costs more than such a statement itself."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    TextClause,
    Update,
    bindparam,
)
from sqlalchemy.engine import CursorResult

Values = Mapping[str, Any]
_Turned = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of a database. places: what stands where, in order, where places count;
    turned: how each value becomes one of the driver; fixed: those that the statement brings itself;
    read: the columns of an answer that become another value, and how."""

    text: str
    places: tuple[str, ...] | None
    turned: dict[str, _Turned]
    fixed: dict[str, Any]
    read: tuple[tuple[int, Callable[[Any], Any]], ...]

    def asked(self, values: Values) -> Any:
        found = dict(self.fixed)
        for name, value in values.items():
            turn = self.turned[name]
            found[name] = turn(value) if turn is not None else value
        return found if self.places is None else tuple([found[name] for name in self.places])


class Prepared:
    """A statement over tables. columns: those that an insert or update is given."""

    def __init__(
        self,
        statement: Select[Any] | CompoundSelect[Any] | Insert | Update | Delete | TextClause,
        *columns: str,
    ) -> None:
        self._statement = statement
        self._columns = columns
        self._by_dialect: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Values) -> CursorResult[Any]:
        compiled = self._for(connection)
        return connection.exec_driver_sql(compiled.text, compiled.asked(values))

    def run_many(self, connection: Connection, values: Iterable[Values]) -> None:
        """The same for each of several values; nothing for none."""
        compiled = self._for(connection)
        if asked := [compiled.asked(one) for one in values]:
            connection.exec_driver_sql(compiled.text, asked)

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """What a query finds."""
        read = self._for(connection).read
        found = self.run(connection, values).all()
        if not read:
            return [tuple(row) for row in found]
        rows = []
        for row in found:
            answer = list(row)
            for place, turn in read:
                answer[place] = turn(answer[place])
            rows.append(tuple(answer))
        return rows

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        known = self._by_dialect.get(name)
        if known is None:
            known = self._by_dialect[name] = self._compiled(connection.dialect)
        return known

    def _compiled(self, dialect: Dialect) -> _Compiled:
        keys = list(self._columns) or None
        found = self._statement.compile(dialect=dialect, column_keys=keys)
        turned: dict[str, _Turned] = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in found.binds.items()
        }
        fixed = {
            name: turn(bind.value) if (turn := turned[name]) else bind.value
            for name, bind in found.binds.items()
            if not bind.required
        }
        read = []
        if isinstance(self._statement, Select | CompoundSelect):
            for place, column in enumerate(self._statement.selected_columns):
                turn = column.type.dialect_impl(dialect).result_processor(dialect, None)
                if turn is not None:
                    read.append((place, turn))
        places = tuple(found.positiontup) if found.positiontup is not None else None
        return _Compiled(str(found), places, turned, fixed, tuple(read))


AT_ONCE = (20, 60, 200)
"""So many ids at once: those of a page of the desk, of one by the API, or the most."""


class Among:
    """A query of the rows of some ids, however many. make: the query, with the places of so many ids in it."""

    def __init__(self, make: Callable[[Sequence[BindParameter[Any]]], Select[Any]]) -> None:
        self._of = cache(
            lambda number: Prepared(make([bindparam(f"id_{n}") for n in range(number)]))
        )

    def rows(self, connection: Connection, ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
        """What it finds, of each id together."""
        left = iter(ids)
        while some := list(islice(left, AT_ONCE[-1])):
            number = next(most for most in AT_ONCE if len(some) <= most)
            asked = {f"id_{n}": some[min(n, len(some) - 1)] for n in range(number)}
            yield from self._of(number).rows(connection, asked)
