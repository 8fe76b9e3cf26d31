"""Facts of the folder in which the backups of every day lie."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from workflow.dates import SHANGHAI
from workflow.rules.upkeep_backups import BackupFolder, Kept
from workflow.service.backups.archive import ENDING, header_of
from workflow.service.backups.key_file import beside
from workflow.service.backups.told import CannotRestore
from workflow.service.upkeep import machine
from workflow.store.sealed import Secrets


def folder(settings: Mapping[str, Any], keys: Secrets) -> BackupFolder | None:
    """The folder as it is; None where none is set. keys: of the installation: what another one keeps there is not told."""
    if not settings["backup_folder"]:
        return None
    path, data = Path(settings["backup_folder"]), Path(settings["data_dir"])
    there = path.is_dir()
    return BackupFolder(
        str(path),
        machine.folder(path) if there else None,
        there and _same_disk(path, data),
        tuple(sorted(_kept(path, keys), key=lambda one: one.made_at, reverse=True))
        if there
        else (),
        bool(settings["backup_keys"]),
    )


def _same_disk(path: Path, data: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_dev == data.stat().st_dev
    return False


def _kept(path: Path, keys: Secrets) -> Iterator[Kept]:
    """Whatever is a backup of ours there, made by hand too; what cannot be read is none."""
    own = {(n, key.check_value()) for n in keys.numbers if (key := keys.numbered(n)) is not None}
    for place in path.glob(f"*{ENDING}"):
        with suppress(CannotRestore, OSError):
            header = header_of(place)
            if (header.key, header.check) in own:
                made_at, size = header.made_at.astimezone(SHANGHAI), place.stat().st_size
                yield Kept(place.name, made_at, size, beside(place).exists())
