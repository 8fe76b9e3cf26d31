"""Passwords that everybody tries first: a list from elsewhere and one of our own (README.md)."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def common_passwords() -> frozenset[str]:
    """The ten thousand most common ones, in small letters."""
    return _lines("common.txt")


@cache
def own_words() -> frozenset[str]:
    """Words that people of an office take, in small letters."""
    return _lines("own.txt")


def _lines(name: str) -> frozenset[str]:
    return frozenset((FOLDER / name).read_text(encoding="utf-8").split())
