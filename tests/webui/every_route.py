"""What a test over all routes asks: each address with its methods, and what the whole store holds."""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table, inspect, select

from tests.webui.test_permissions import House
from workflow.service import Office
from workflow.store.dialect_index import is_of_index

SAFE = ("HEAD", "GET", "OPTIONS")
NOT_OURS = ("PUT", "PATCH", "DELETE", "TRACE", "FROBNICATE")


def addresses(house: House) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The endpoint, an address and the methods of every rule; the same page below a body's address is one page."""
    for rule in house.app.url_map.iter_rules():
        if "site" not in rule.arguments:
            yield rule.endpoint, house.path(rule), frozenset(rule.methods or ())


def whole_store(office: Office) -> dict[str, list[str]]:
    """Every row of every table, by table."""
    engine = office.store.engine
    with engine.connect() as connection:
        meta = MetaData()
        names = [name for name in inspect(connection).get_table_names() if not is_of_index(name)]
        tables = [Table(name, meta, autoload_with=connection) for name in sorted(names)]
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in tables
        }


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    """The tables that are not what they were."""
    return {name for name in after if before[name] != after[name]}
