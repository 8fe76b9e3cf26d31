"""The two engines of a store: one for transactions that write, one for reading."""

from sqlalchemy import Engine, create_engine

from workflow.store.dialect import engine_options, prepare
from workflow.store.dialect_read import read_what_is_none


def writing_engine(url: str) -> Engine:
    """An engine whose transactions see no lost update."""
    return _engine(url, writing=True)


def reading_engine(url: str) -> Engine:
    """An engine for reading only: readers do not wait for writers."""
    return _engine(url, writing=False)


def _engine(url: str, *, writing: bool) -> Engine:
    # What people wrote stands in no message of a fault, and so in no log.
    engine = create_engine(url, hide_parameters=True, **engine_options(url, writing=writing))
    prepare(engine, writing=writing)
    read_what_is_none(engine)
    return engine
