"""A clean root: Debian with its python3.11 and nothing else, in a namespace without any network.

    root = CleanRoot.made(folder)          # by mmdebstrap, from where this machine's apt takes packages
    root.run("installed.py", "upgrade")    # a file of tests/deploy/inside/, run there by python3.11

Needs root, `unshare` and `mmdebstrap`; `lacking()` says which of them is not there.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
TOOLS = ("mmdebstrap", "unshare", "chroot")
PACKAGES = "python3.11"
MOUNTED = 'mount -t proc none "$1/proc" && shift && exec chroot "$@"'


def lacking() -> str:
    """Why there can be no clean root here; empty where there can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "a clean root is made by root alone"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"not installed here: {', '.join(missing)}" if missing else ""


def machine() -> str:
    """The processor, as wheels name it."""
    return os.uname().machine


@dataclass(frozen=True)
class CleanRoot:
    """The folder that is the root of what runs in it."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> "CleanRoot":
        """A new one. Raises CalledProcessError where the packages cannot be had."""
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        for one in folder.parents:  # who is not root has to come through
            if (
                one.stat().st_mode & 0o005 != 0o005
                and one.owner() == "root"
                and "pytest" in one.as_posix()
            ):
                one.chmod(0o755)
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", _suite(), str(folder)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return cls(folder)

    def unpack(self, archive: Path) -> str:
        """Unpack a .tar.gz below /archives; the folder, as it is called inside."""
        (self.folder / "archives").mkdir(exist_ok=True)
        subprocess.run(["tar", "xzf", archive, "-C", self.folder / "archives"], check=True)
        return f"/archives/{archive.name.removesuffix('.tar.gz')}"

    def run(self, file: str, *words: str, timeout: float = 900) -> subprocess.CompletedProcess[str]:
        """Run a file of tests/deploy/inside/ there: no network but a loopback that is down, no environment, an empty
        home, and no process left when it ends."""
        shutil.copytree(INSIDE, self.folder / "inside", dirs_exist_ok=True)
        return subprocess.run(
            ["unshare", "--net", "--pid", "--mount", "--ipc", "--fork", "--kill-child", "sh", "-c", MOUNTED, "sh",
             self.folder, self.folder, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
             "LANG=C.UTF-8", "python3.11", "-B", f"/inside/{file}", *words],
            capture_output=True, text=True, check=False, timeout=timeout, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def _suite() -> str:
    """The name of the release that this machine runs, which its apt knows."""
    said = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
        if "=" in line
    )
    return said["VERSION_CODENAME"].strip('"')
