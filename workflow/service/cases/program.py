"""Which program this is: what was proved by another one has to be proved anew."""

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

HOUSE = Path(__file__).parents[3]
ROOMS = ("workflow", "config")
PARTS = ("pydantic", "transitions")
"""The libraries that what follows from a log depends on; days off come with the calendar."""


@cache
def program() -> str:
    """A hash of every module and every table of the rooms that fold a case, of the parts and of Python."""
    digest = hashlib.sha256(sys.version.encode())
    for part in PARTS:
        digest.update(f"{part} {version(part)}\0".encode())
    for room in ROOMS:
        for file in sorted((HOUSE / room).rglob("*")):
            if file.suffix in (".py", ".toml"):
                digest.update(f"{file.relative_to(HOUSE)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
