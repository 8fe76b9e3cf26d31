"""Bring a store to the shape that this version needs, or back; and whether this version may work with it as it is."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, delete, inspect, select, table, text

from config.errors import BadSetting
from workflow.store import standing_file
from workflow.store.dialect import hold_shape, in_line, order_by_code_points
from workflow.store.retried import told_apart
from workflow.store.standing_file import OLDEST, revisions
from workflow.store.steps import Steps, read_steps

# Alembic is loaded where it works: most starts of a command bring no store to another shape.
if TYPE_CHECKING:
    from alembic.config import Config

CAME_FROM = "came from"
"""The stamp that says from which shape the last migration came."""
WHOLE = "whole"
"""The stamp that says to which shape a store was brought with all that belongs to it; its value is the revision."""
_STAMP = table("stamp", column("name"), column("value"))


class NewerStore(BadSetting):
    """The store has a shape that this version cannot work with."""

    def __init__(self) -> None:
        super().__init__(
            "本库已经由更新的版本升级，这个版本的程序不能再使用它，没有启动，也没有改动："
            "请使用升级后的程序；要退回这个版本，请恢复升级前的备份"
        )


def _config(connection: object) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(standing_file.FOLDER))
    config.attributes["connection"] = connection
    return config


def revision(engine: Engine) -> str | None:
    """The shape that a store has; None where it has none yet."""
    with told_apart(), engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The shape that this version needs."""
    return revisions()[-1]


def steps() -> Steps:
    """Every migration of this version, with what it does. Raises TableError."""
    return _steps_of(standing_file.FOLDER)


@cache
def _steps_of(folder: Path) -> Steps:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(folder)).walk_revisions()
    return read_steps(folder, [one.revision for one in scripts][::-1])


def is_ahead(engine: Engine) -> bool:
    """Whether a later version brought the store to a shape that this one does not know, but may go on working with. Raises
    NewerStore where it may not."""
    with told_apart(), engine.connect() as connection:
        return _is_ahead(connection)


def _is_ahead(connection: Connection) -> bool:
    here, known = _revision(connection), set(revisions())
    if here is None or here in known:
        return False
    if _stamp(connection, OLDEST) in known:
        return True
    raise NewerStore


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Apply what is missing, in one transaction. Returns the revision before and after. Of two processes one waits. A store
    that is ahead stays as it is. Raises NewerStore."""
    from alembic import command

    with told_apart(), in_line(engine).begin() as connection:
        hold_shape(connection)
        before = _revision(connection)
        if _is_ahead(connection):
            return before, before
        command.upgrade(_config(connection), "head")
        order_by_code_points(connection)
        after = _revision(connection)
        _tell(connection, came_from=before if before != after else None)
    return before, after


def knows(shape: str) -> bool:
    """Whether this version knows of that shape: of its own, or of one before."""
    return shape in revisions()


def go_back(engine: Engine, to: str) -> None:
    """Bring a store back to an earlier shape, in one transaction: what the later ones hold is lost. Who calls has asked
    whether that is promised. What was whole stays so: the version of then finds its own word of it."""
    from alembic import command

    with in_line(engine).begin() as connection:
        hold_shape(connection)
        whole = _stamp(connection, WHOLE) == _revision(connection)
        command.downgrade(_config(connection), to)
        _tell(connection, came_from=None)
        if whole and inspect(connection).has_table("stamp"):
            _set_stamp(connection, WHOLE, to)


def came_from(engine: Engine) -> str | None:
    """The shape that the store had before it was last brought to another one; None where nobody knows."""
    with told_apart(), engine.connect() as connection:
        return _stamp(connection, CAME_FROM)


def _tell(connection: Connection, *, came_from: str | None) -> None:
    """Leave word for versions that do not know this shape."""
    here = _revision(connection)
    if here is None or not inspect(connection).has_table("stamp"):
        return
    _set_stamp(connection, OLDEST, steps().oldest_beside(here))
    if came_from is not None:
        _set_stamp(connection, CAME_FROM, came_from)


def _stamp(connection: Connection, name: str) -> str | None:
    if not inspect(connection).has_table("stamp"):
        return None
    value = connection.scalar(select(_STAMP.c.value).where(_STAMP.c.name == name))
    return None if value is None else str(value)


def _set_stamp(connection: Connection, name: str, value: str) -> None:
    if _stamp(connection, name) == value:
        return
    connection.execute(delete(_STAMP).where(_STAMP.c.name == name))
    connection.execute(_STAMP.insert().values(name=name, value=value))


def suits(connection: Connection) -> bool:
    """Whether this version works with the store as it is: it has its shape, or a later one beside which it may work."""
    if shape_of(connection) == newest():
        return True
    try:
        return _is_ahead(connection)
    except NewerStore:
        return False


def shape_of(connection: Connection) -> str | None:
    """The same as `revision`, by a look that loads nothing: for who asks often."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
