"""Texts made alike before they are looked through."""

import unicodedata

TEXT_LOOKED_AT = 200_000
"""Characters of a section; no section of a report is a tenth as long."""


def half(text: str) -> str:
    """Half-width digits and punctuation, no blanks within lines."""
    folded = unicodedata.normalize("NFKC", text[:TEXT_LOOKED_AT])
    return folded.replace(" ", "").replace("\t", "")
