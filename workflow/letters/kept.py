"""A letter that is kept, as the papers of a file are made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.letters.about import Attached
from workflow.letters.letter import Letter


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A version of a letter. source: drafted, uploaded, scan. seq: the line of the log with which it went out or that
    signed it. number: of the letter. letter: what was drafted; file: what came in from outside."""

    kind: str
    about: str
    source: str
    seq: int | None
    number: str
    letter: Letter | None
    file: Attached | None


def kept_for(
    kept: Sequence[KeptLetter], kind: str, about: str, seqs: frozenset[int]
) -> KeptLetter | None:
    """The version of a letter that stands in the file: a scan before all others, else the newest. seqs: lines of the
    log with which it can have gone out; what went with another one is another letter."""
    mine = [
        one
        for one in kept
        if (one.kind, one.about) == (kind, about) and (one.seq is None or one.seq in seqs)
    ]
    scans = [one for one in mine if one.source == "scan"]
    return next(reversed(scans or mine), None)
