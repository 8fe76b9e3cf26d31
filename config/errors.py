"""What is not right of the installation itself, by the two doors through which it comes in."""


class TableError(Exception):
    """A table under config/ contradicts itself, another table or the code. Names file and row."""


class BadSetting(ValueError):
    """A setting that cannot be read; the message names it and where it stands."""
