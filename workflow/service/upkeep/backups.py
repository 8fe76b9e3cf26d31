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


def folder(settings: Mapping[str, Any]) -> BackupFolder | None:
    """The folder as it is; None where none is set."""
    if not settings["backup_folder"]:
        return None
    path, data = Path(settings["backup_folder"]), Path(settings["data_dir"])
    there = path.is_dir()
    return BackupFolder(
        str(path),
        machine.folder(path) if there else None,
        there and _same_disk(path, data),
        tuple(sorted(_kept(path), key=lambda one: one.made_at, reverse=True)) if there else (),
        bool(settings["backup_keys"]),
    )


def _same_disk(path: Path, data: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_dev == data.stat().st_dev
    return False


def _kept(path: Path) -> Iterator[Kept]:
    """Whatever is a backup there, made by hand too; what cannot be read is none."""
    for place in path.glob(f"*{ENDING}"):
        with suppress(CannotRestore, OSError):
            made_at = header_of(place).made_at.astimezone(SHANGHAI)
            yield Kept(place.name, made_at, place.stat().st_size, beside(place).exists())
