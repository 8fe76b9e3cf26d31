"""The one error of the law's tables."""

from config.errors import TableError


class LawTableError(TableError):
    """A table of config/law contradicts itself or another table. Names the file and the row."""
