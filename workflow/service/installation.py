"""Opening the installation's store, or a temporary one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect

from config.channels import in_force
from config.settings import Settings
from workflow.service.office import Office
from workflow.service.rules.due_changes import DueChanges
from workflow.store.cases import fill_query_hashes
from workflow.store.migrate import migrate
from workflow.store.sealed import Secrets
from workflow.store.unit import Store


def open_office(settings: Settings) -> Office:
    """The office over the store in force; its folder and keys are made on first use."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Office(
        Store(settings.database_url),
        Secrets.of_folder(settings.data_dir),
        channels=in_force(settings),
    )


def start_office(settings: Settings) -> Office:
    """The office for a server: its due days follow the calendars and tables that are installed now."""
    office = open_office(settings)
    if inspect(office.store.engine).has_table("stamp"):
        follow(office)
    return office


def has_outbox(office: Office) -> bool:
    """True once the store is migrated to where messages are kept."""
    return inspect(office.store.engine).has_table("message")


def follow(office: Office) -> None:
    """Bring the rows of the store to the calendars and the law's tables that are installed now."""
    changes = DueChanges(office)
    changes.follow_calendars()
    changes.follow_law()


def migrate_office(office: Office) -> tuple[str | None, str | None]:
    """Bring the store to this version's shape and its due days to the installed calendars; the
    revision before and after. What only the installation's secret can compute is filled in here."""
    revisions = migrate(office.store.engine)
    with office.store.write() as unit:
        fill_query_hashes(unit, office.keys)
    follow(office)
    return revisions


@contextmanager
def temporary_office(url: str | None = None) -> Iterator[Office]:
    """An office over a new, empty store that goes away afterwards; or over the named one, which
    stays."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        store = Store(url or f"sqlite:///{Path(folder) / 'store.db'}")
        migrate(store.engine)
        try:
            yield Office(store, Secrets.throwaway())
        finally:
            store.close()
