"""Bring a store to the shape that this version needs."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from workflow.store.dialect import hold_shape, in_line, order_by_code_points
from workflow.store.retried import told_apart

# Alembic is loaded where it works: most starts of a command bring no store to another shape.
if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def _config(connection: object) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def revision(engine: Engine) -> str | None:
    """The shape that a store has; None where it has none yet."""
    from alembic.migration import MigrationContext

    with told_apart(), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The shape that this version needs."""
    from alembic.script import ScriptDirectory

    found = ScriptDirectory(str(FOLDER)).get_current_head()
    assert found is not None
    return found


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Apply what is missing. Returns the revision before and after. Of two processes one waits."""
    from alembic import command
    from alembic.migration import MigrationContext

    with in_line(engine).begin() as connection:
        hold_shape(connection)
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), "head")
        order_by_code_points(connection)
        after = MigrationContext.configure(connection).get_current_revision()
    return before, after


def shape_of(connection: Connection) -> str | None:
    """The same as `revision`, by a look that loads nothing: for who asks often."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


@cache
def newest_here() -> str:
    """The same as `newest`, by the names of the files."""
    return max(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))
