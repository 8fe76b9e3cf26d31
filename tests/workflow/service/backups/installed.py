"""An installation with something in most tables, its settings, and places for backups of it."""

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config.settings import Settings, load
from tests import samples
from tests.kept import copied
from tests.stores import for_others, on_sqlite
from tests.workflow.service.sampling import migrated_store
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.backups.key_file import beside, keys_content
from workflow.service.backups.making import Made, every_key, make_backup
from workflow.service.backups.restoring import Restored, find_keys, restore
from workflow.service.files import Files
from workflow.service.installation import migrate_office, open_office
from workflow.store.key_folder import KEY_FILE
from workflow.store.models import Base
from workflow.store.sealed import Secrets
from workflow.store.store import Store

KEY = bytes(range(32))
PAPER = samples.pdf("养护合同")


def _fill(path: Path) -> None:
    migrated_store(path).close()
    town = Town(path.parent, "2026-03-02", f"sqlite:///{path}", keys=Secrets(KEY))
    migrate_office(town.office)
    with town.office.store.write() as unit:
        for name, code in (("xitong", "panlong"), ("shixitong", "yanshan")):
            body = town.office.found_agency(unit, code)
            roles = ("system_admin",)
            Accounts(town.office).add_user(
                unit, name=name, agency=body, roles=roles, password_hash="none"
            )
    for agency, day in (("panlong", "2025-05-06"), ("jiangna", "2026-03-02")):
        town.is_(day)
        filed = [town.file(agency) for _ in range(3)]
    town.act("sunli", filed[0].number, "assign", "2026-03-02", note="请农业中心办理")
    files = Files(town.office, most_megabytes=1, most_files=3)
    files.upload_as_applicant(filed[0].number, filed[0].query_code, "supplement", "合同.pdf", PAPER)
    town.office.store.close()


class Installation:
    """A data folder with a store and its key, the office over it, and a clock that can be moved."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.data.mkdir(mode=0o700)
        (self.data / KEY_FILE).write_bytes(KEY)
        copied("backups", self.data / "gongkai.db", _fill)
        self.settings = self.settings_of(self.data, **environ)
        self.now = datetime(2026, 3, 4, 9, 30, tzinfo=SHANGHAI)
        self.office = self.opened(self.settings)
        self.said: list[str] = []

    @staticmethod
    def settings_of(data: Path, **environ: str) -> Settings:
        return load(
            {
                "GONGKAI_DATA_DIR": str(data),
                **{f"GONGKAI_{k.upper()}": v for k, v in environ.items()},
            }
        )

    def opened(self, settings: Settings) -> Office:
        return open_office(settings, lambda: self.now)

    def backup(self, name: str = "a.backup", **how: Any) -> Made:
        return make_backup(self.office, self.data, self.folder / name, say=self.said.append, **how)

    def kept(self) -> Path:
        """A backup as this one would make, which was made once, with its keys."""

        def make(place: Path) -> None:
            shutil.move(self.backup(place.name, keys=False).file, place)

        file = self.folder / "a.backup"
        copied("backup-file", file, make)
        beside(file).write_bytes(keys_content(every_key(self.office.keys)))
        return file

    def restore(
        self, file: Path, to: Path, *, keys: Path | None = None, url: str | None = None
    ) -> Restored:
        """Into a data folder, or a store elsewhere with its key in that folder."""
        found = find_keys(file, keys, to)
        address = url or on_sqlite(to / "gongkai.db")
        return restore(
            file, found, address, to, lambda: self.now, self.said.append, lambda *_: None
        )


def rows(store: Store) -> Mapping[str, list[Any]]:
    """Every row of every table; what `verify` notes of its own work is left out."""
    with store.engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
            if table.name != "verified_case"
        }


def on_this_database(place: Path) -> str:
    """An address of an empty store on the database of this run."""
    place.parent.mkdir(parents=True, exist_ok=True)
    return for_others(place)


def left_in(*folders: Path) -> list[str]:
    """Names in these folders that nobody asked for: of works and of files that are not whole."""
    return [one.name for folder in folders if folder.exists() for one in folder.iterdir() if one.name.startswith(".")]  # fmt: skip
