"""Work that goes wrong in a process of its own, as a test wishes. It loads nothing, so that it begins at once."""

import os
import signal
import time


def double(number: int) -> int:
    """Twice the number; 1 raises, 2 ends the process, 3 never comes back."""
    if number == 1:
        raise KeyError("one")
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 3:
        time.sleep(600)
    return number * 2


def who(_: int) -> int:
    """The process that does it."""
    return os.getpid()


def hears_ctrl_c(_: int) -> bool:
    """True where Ctrl-C would end the process."""
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def read_or_end(path: str) -> object:
    """What is in a file; one that is named so ends its process."""
    if os.path.basename(path).startswith("ends"):
        os.kill(os.getpid(), signal.SIGKILL)
    from workflow.commands.check_folder import read_file

    return read_file(path)
