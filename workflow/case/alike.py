"""Whether two requests ask for the same, by the words that they share."""

import re
import unicodedata

FEWEST = 3
"""Pairs of characters below which a text says too little to be compared."""
ALIKE = 0.6
"""The share of the shorter text's pairs from which two requests are shown beside each other."""


def pairs_of(text: str) -> frozenset[str]:
    """The pairs of characters of a text, whatever its width, blanks and signs."""
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()
    return frozenset(bare[n : n + 2] for n in range(len(bare) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1: how many of the shorter text's pairs the other one has. 0 where one says too little."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= FEWEST else 0.0
