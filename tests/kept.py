"""Stores that are dear to make, kept under a hash of everything that they are made of.

The first test that wants one makes it, others copy it; two processes wait for each other. A change of any
file of `workflow/` or `config/`, of the packages or of Python makes it anew. Where what runs is not what
lies in the files, as with mutants, `TESTS_KEEP=no` makes each anew.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.stores import POSTGRES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".pytest_cache" / "kept"
_KEPT: set[str] = set()
MADE_OF = ("workflow", "config", "requirements.txt", "tests/workflow/service/sampling.py")


@cache
def sources() -> str:
    """A digest of the name and content of every file that a store is made of."""
    digest = hashlib.sha256(sys.version.encode())
    for place in MADE_OF:
        files = [ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(ROOT)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def copied(name: str, to: Path, make: Callable[[Path], None]) -> None:
    """Put a copy of the kept store there. make: fills an empty place, and leaves one closed file."""
    if os.environ.get("TESTS_KEEP") == "no":
        make(to)
        return
    if POSTGRES:  # a server lives as long as the run
        kept = Path(tempfile.gettempdir()) / f"kept-{os.getpid()}-{name}"
        if name not in _KEPT:
            make(kept)
            _KEPT.add(name)
        shutil.copyfile(kept, to)
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"{name}-{sources()}.db"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for older in FOLDER.glob(f"{name}-*"):
                older.unlink()
            making = FOLDER / f"{name}-making"
            make(making)
            making.rename(kept)
        shutil.copyfile(kept, to)
