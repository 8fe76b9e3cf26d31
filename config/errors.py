"""What is not right of the installation itself, by the two doors through which it comes in."""


class TableError(Exception):
    """A table under config/ contradicts itself, another table or the code. Names file and row."""


class BadSetting(ValueError):
    """A setting that cannot be read; the message names it and where it stands."""


class Unavailable(Exception):
    """The database cannot be reached, or was too busy: nothing that was not confirmed is written. It
    may be tried again a little later. The message is in Chinese."""

    def __init__(self) -> None:
        super().__init__("数据库暂时连接不上或者太忙，请稍后再试")
