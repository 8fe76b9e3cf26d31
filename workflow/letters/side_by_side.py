"""Two versions of a letter side by side, paragraph by paragraph: what was seen, and what it is now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph. changed: it stands in this version only."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph as it was and as it is; () where it is missing from one of them."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def changed_paragraphs(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The paragraphs that are not alike, in order; alike ones are left out."""
    found: list[Pair] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        before, after = list(old[i1:i2]), list(new[j1:j2])
        paired = min(len(before), len(after))
        found += [_pair(a, b) for a, b in zip(before, after, strict=False)]
        found += [Pair((Piece(text, True),), ()) for text in before[paired:]]
        found += [Pair((), (Piece(text, True),)) for text in after[paired:]]
    return found


def _pair(old: str, new: str) -> Pair:
    matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Pair(
        tuple(_pieces((old[i1:i2], what != "equal") for what, i1, i2, _, _ in matched)),
        tuple(_pieces((new[j1:j2], what != "equal") for what, _, _, j1, j2 in matched)),
    )


def _pieces(parts: Iterator[tuple[str, bool]]) -> Iterator[Piece]:
    return (Piece(text, changed) for text, changed in parts if text)
