"""The index of terms, as each database has it (decision 30): written here and nowhere else.

Not among the models: on SQLite a table of FTS5 that holds terms alone, no texts, on PostgreSQL a column of tsvector
with its index. A transaction that adds to FTS5 pays for a piece of its own, and later for its being merged with others.
So few texts at a time go to a plain table, where they are found as well, and from there many at once; PostgreSQL's GIN
does the same by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection

INDEX, NEW = "search_index", "search_index_new"
NEW_MOST = 200
"""So many texts wait at most."""
_AT_ONCE = 20
_LONG = 20_000
"""So many texts at a time, or characters of one, are written at once."""
_PLACES_MOST = 16_383
"""PostgreSQL knows no place in a text beyond this one."""


class Indexed(NamedTuple):
    """The terms of one text. id: what it is; plain: in their order; loose: without any; open: so many of the first plain
    ones are never sealed."""

    id: int
    plain: Collection[str]
    loose: Collection[str] = ()
    open: int = 0


class Sought(NamedTuple):
    """Terms that are looked for: one behind the other, of which the last is only begun where opens; or, loose, in
    whatever order."""

    terms: tuple[str, ...]
    opens: bool = False
    loose: bool = False


def make_index(connection: Connection) -> None:
    """Make the index, empty."""
    if connection.dialect.name == "sqlite":
        made = (
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5(terms, content='', columnsize=0, tokenize='ascii')",
            f"CREATE TABLE {NEW} (place INTEGER PRIMARY KEY, id INTEGER NOT NULL, terms TEXT NOT NULL)",
        )
    else:
        made = (
            f"CREATE TABLE {INDEX} (id BIGINT CONSTRAINT pk_{INDEX} PRIMARY KEY, terms tsvector NOT NULL)",
            f"CREATE INDEX ix_{INDEX}_terms ON {INDEX} USING gin (terms)",
        )
    for statement in made:
        connection.exec_driver_sql(statement)


def drop_index(connection: Connection) -> None:
    connection.exec_driver_sql(f"DROP TABLE {INDEX}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NEW}")


def is_of_index(table: str) -> bool:
    """Whether a table of the database is of the index."""
    return table == INDEX or table.startswith(f"{INDEX}_")


def clear_index(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')")
        connection.exec_driver_sql(f"DELETE FROM {NEW}")
    else:
        connection.exec_driver_sql(f"DELETE FROM {INDEX}")


def write_index(connection: Connection, texts: Iterable[Indexed]) -> None:
    """Add texts, none of which is there."""
    if connection.dialect.name != "sqlite":
        rows = [(one.id, _vector(one)) for one in texts]
        statement = f"INSERT INTO {INDEX} (id, terms) VALUES (%s, CAST(%s AS tsvector))"
        if rows:
            connection.exec_driver_sql(statement, rows)
        return
    # FTS5 gathers texts as long as their numbers rise.
    rows = sorted((one.id, _said(one)) for one in texts)
    few = [row for row in rows if len(row[1]) < _LONG] if len(rows) <= _AT_ONCE else []
    if few:
        values = ", ".join(["(?, ?)"] * len(few))
        given = tuple([value for row in few for value in row])
        done = connection.exec_driver_sql(f"INSERT INTO {NEW} (id, terms) VALUES {values}", given)
        if done.lastrowid >= NEW_MOST:
            connection.exec_driver_sql(
                f"INSERT INTO {INDEX} (rowid, terms) SELECT id, terms FROM {NEW} ORDER BY id"
            )
            connection.exec_driver_sql(f"DELETE FROM {NEW}")
    if many := rows if not few else [row for row in rows if len(row[1]) >= _LONG]:
        connection.exec_driver_sql(f"INSERT INTO {INDEX} (rowid, terms) VALUES (?, ?)", many)


def unwrite_index(connection: Connection, texts: Iterable[Indexed]) -> None:
    """Take texts out, as they were added; nothing for one that is not there. FTS5 keeps no texts: it is told the terms,
    and breaks when told of a text that it has not."""
    for one in texts:
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql(f"DELETE FROM {INDEX} WHERE id = %s", (one.id,))
            continue
        gone = connection.exec_driver_sql(f"DELETE FROM {NEW} WHERE id = ?", (one.id,))
        # One of each kind: what is hashed may be another key's, or not hashed, as which the text is not there.
        never, sealed = set(islice(one.plain, one.open)), islice(one.plain, one.open, None)
        told = next((term for term in sealed if term not in never), None)
        terms = tuple({*islice(one.plain, 1), *([told] if told else []), *sorted(one.loose)[:1]})
        sought = [Sought(terms, loose=True)]
        if not gone.rowcount and terms and one.id in from_index(connection, sought, one.id, one.id):
            connection.exec_driver_sql(
                f"INSERT INTO {INDEX} ({INDEX}, rowid, terms) VALUES ('delete', ?, ?)",
                (one.id, _said(one)),
            )


def _said(one: Indexed) -> str:
    return f" {' '.join((*one.plain, *sorted(one.loose)))} "


def _vector(one: Indexed) -> str:
    places: dict[str, list[str]] = {}
    for place, term in enumerate(one.plain, 1):
        if place <= _PLACES_MOST:
            places.setdefault(term, []).append(str(place))
    said = [f"'{term}':{','.join(found)}" for term, found in places.items()]
    return " ".join([*said, *(f"'{term}'" for term in one.loose)])


def from_index(
    connection: Connection, either: Collection[Sought], first: int, last: int
) -> list[int]:
    """The texts from the first through the last in which one of these stands, in order. Terms are letters, digits
    and characters, as `write_index` got them."""
    if not either:
        return []
    if connection.dialect.name != "sqlite":
        said = " | ".join(_tsquery(one) for one in either)
        found = connection.exec_driver_sql(
            f"SELECT id FROM {INDEX} WHERE terms @@ CAST(%s AS tsquery) AND id BETWEEN %s AND %s"
            " ORDER BY id",
            (said, first, last),
        )
        return [text for (text,) in found.all()]
    said = " OR ".join(_fts5(one) for one in either)
    found = connection.exec_driver_sql(
        f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid",
        (said, first, last),
    )
    texts = [text for (text,) in found.all()]
    where, given = _among_new(either)
    found = connection.exec_driver_sql(
        f"SELECT id FROM {NEW} WHERE ({where}) AND id BETWEEN ? AND ?", (*given, first, last)
    )
    if new := [text for (text,) in found.all()]:
        texts = sorted([*texts, *new])
    return texts


def _fts5(one: Sought) -> str:
    if one.loose:
        return f"({' AND '.join(_quoted(one.terms))})"
    return f'"{" ".join(one.terms)}"{"*" if one.opens else ""}'


def _quoted(terms: Iterable[str]) -> list[str]:
    return [f'"{term}"' for term in terms]


def _among_new(either: Iterable[Sought]) -> tuple[str, list[str]]:
    """The same among the texts that wait: their terms stand between blanks."""
    conditions, given = [], []
    for one in either:
        if one.loose:
            said = [f" {term} " for term in one.terms]
        else:
            said = [f" {' '.join(one.terms)}{'' if one.opens else ' '}"]
        conditions.append(" AND ".join(["instr(terms, ?) > 0"] * len(said)))
        given += said
    return " OR ".join(f"({condition})" for condition in conditions), given


def _tsquery(one: Sought) -> str:
    said = [f"'{term}'" for term in one.terms]
    if one.opens:
        said[-1] += ":*"
    return f"({(' & ' if one.loose else ' <-> ').join(said)})"


def from_index_each(
    connection: Connection, terms: Sequence[str], first: int, last: int, kind: tuple[int, int], most: int
) -> list[list[int]]:  # fmt: skip
    """For each term the latest texts in which it stands, so many at most, of those from the first through the last
    whose id says the kind: so many places of two digits from the right, and the digits there."""
    places, digits = kind
    if not terms:
        return []
    if connection.dialect.name == "sqlite":
        one = (
            f"SELECT * FROM (SELECT ? AS n, rowid AS id FROM {INDEX} WHERE {INDEX} MATCH ?"
            f" AND rowid BETWEEN ? AND ? AND (rowid >> {places}) & 7 = {digits} ORDER BY rowid DESC LIMIT {most})"
        )
        asked = [_fts5(Sought((term,))) for term in terms]
    else:
        one = (
            f"(SELECT CAST(%s AS INTEGER) AS n, id FROM {INDEX} WHERE terms @@ CAST(%s AS tsquery)"
            f" AND id BETWEEN %s AND %s AND (id >> {places}) & 7 = {digits} ORDER BY id DESC LIMIT {most})"
        )
        asked = [_tsquery(Sought((term,))) for term in terms]
    given = [value for n, said in enumerate(asked) for value in (n, said, first, last)]
    found: list[list[int]] = [[] for _ in terms]
    for n, text in connection.exec_driver_sql(" UNION ALL ".join([one] * len(terms)), tuple(given)):
        found[n].append(text)
    if connection.dialect.name == "sqlite":
        new = connection.exec_driver_sql(
            f"SELECT id, terms FROM {NEW} WHERE id BETWEEN ? AND ? AND (id >> {places}) & 7 = {digits}",
            (first, last),
        )
        for text, said in new:
            here = set(said.split())
            for n, term in enumerate(terms):
                if term in here:
                    found[n].append(text)
    return found
