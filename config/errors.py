"""What is not right of the installation itself, by the two doors through which it comes in."""


class TableError(Exception):
    """A table under config/ contradicts itself, another table or the code. Names file and row."""


class BadSetting(ValueError):
    """A setting that cannot be read; the message names it and where it stands."""


class Damaged(Exception):
    """What the store says of a case cannot be read: nothing can be done with it until it is mended. The message is in
    Chinese, and says nothing of what it holds."""

    def __init__(self) -> None:
        super().__init__(
            "这件申请在库中的数据已经损坏，读不出来，不能办理。其他申请不受影响。"
            "请告诉运行人员：先运行 gongkai verify 查看哪里不符，再从备份中恢复"
        )


class Unavailable(Exception):
    """The database cannot be reached, or was too busy: nothing that was not confirmed is written. It
    may be tried again a little later. The message is in Chinese."""

    def __init__(
        self, message: str = "数据库暂时连接不上或者太忙，请稍后再试", trouble: str = "busy"
    ) -> None:
        """trouble: what it is in a word, for the log."""
        super().__init__(message)
        self.trouble = trouble


class StorageAway(Unavailable):
    """Where contents of files lie cannot be reached, refuses, or is full. The message is for whoever asked, in Chinese;
    why: for who operates it, in Chinese too, without a secret."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class WrongClock(Unavailable):
    """The clock of the machine cannot be right: what would write is refused, reading goes on. The message is for who
    operates it."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}。没有写入：请校对本机时间；时间确实无误的（例如长期停用之后），请运行 gongkai clock --confirm"
        )
