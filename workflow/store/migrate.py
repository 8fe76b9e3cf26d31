"""Bring a store to the shape that this version needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

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


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Apply what is missing. Returns the revision before and after."""
    from alembic import command
    from alembic.migration import MigrationContext

    with engine.begin() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), "head")
        after = MigrationContext.configure(connection).get_current_revision()
    return before, after
