"""What is not right of the installation itself, by the two doors through which it comes in."""

import errno

_OF_THE_SYSTEM = {
    errno.ENOENT: "没有这个文件或者文件夹", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EISDIR: "是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹", errno.EEXIST: "已经存在", errno.ENOSPC: "磁盘已满", errno.EDQUOT: "超过了磁盘限额",
    errno.EFBIG: "文件太大", errno.EROFS: "磁盘只读", errno.EIO: "磁盘读写出错", errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "链接绕成了圈", errno.EMFILE: "打开的文件太多", errno.ENFILE: "打开的文件太多", errno.EBUSY: "正被占用",
    errno.ENODEV: "没有这个设备", errno.ENOTCONN: "没有连接", errno.ESTALE: "网络盘断开了", errno.EADDRINUSE: "已经被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址", errno.ECONNREFUSED: "对方没有开通", errno.ETIMEDOUT: "等了太久，没有答复",
}  # fmt: skip


def in_chinese(error: OSError) -> str:
    """What the system says of a file, a disk or a port, in Chinese; in its own words where we have none."""
    return _OF_THE_SYSTEM.get(error.errno or 0) or error.strerror or str(error)


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
