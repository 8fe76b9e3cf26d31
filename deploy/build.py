"""Builds the archives that are installed without internet: `make bundle` (docs/offline.md).

    python -m deploy.build --date 2026-12-01    build/gongkai-VERSION-offline.tar.gz and …-offline-windows.zip

Wheels come from whatever index pip is configured for. The same tree, date and wheels give the same bytes.
"""

import argparse
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tests.supply import licences, written_bill
from tests.test_arrows import committed

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
PYTHON = "3.11"
"""The one that the compiled wheels are for; others have none in the archive."""
GLIBC = (2, 28)
"""The newest glibc that a wheel may ask for: that of Kylin V10 and UOS 20."""
LINUX = ("linux-x86_64", "linux-aarch64")
WINDOWS = ("windows-x86_64",)
LISTS = ("requirements.txt", "requirements-postgres.txt", "requirements-offline.txt")
"""What is packed: what runs, the driver of PostgreSQL, and pip, which installs them."""
ROOMS = ("config", "workflow", "notifications", "webui")
ALSO = ("gongkai.py", "wsgi.py", "pyproject.toml", "README.md")
ANY = "any"
"""The folder of the wheels that run everywhere."""
FOR_LINUX = ("install.sh", "gongkai.service", "gongkai.toml", "nginx.conf", "Containerfile")
FOR_WINDOWS = ("start.cmd", "start.py", "need-python.txt")
FOR_BOTH = ("README.zh-CN.md",)
RUNNABLE = (".sh",)
SUMS = "SHA256SUMS"
LICENCE = re.compile(r"^[^/]+\.dist-info/(?:licenses/)?(.*(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$", re.I)  # fmt: skip
"""Where a wheel has its licence."""

Files = dict[str, bytes]
"""What lies in an archive: path with `/`, content."""


def tags_of(place: str) -> list[str]:
    """The platforms that pip may take wheels of, for a folder of ours such as linux-aarch64."""
    system, _, machine = place.partition("-")
    if system == "windows":
        return ["win_amd64"]
    return [
        *(f"manylinux_{GLIBC[0]}_{minor}_{machine}" for minor in range(GLIBC[1], 16, -1)),
        f"manylinux2014_{machine}",
    ]


def download(place: str, into: Path) -> list[Path]:
    """The wheels of every list for a platform, in name order. What lies in `into` already is looked at first.

    Raises CalledProcessError where a package has no wheel that fits: nothing is compiled.
    """
    into.mkdir(parents=True, exist_ok=True)
    platforms = [word for tag in tags_of(place) for word in ("--platform", tag)]
    asked = [word for one in LISTS for word in ("--requirement", str(ROOT / one))]
    with tempfile.TemporaryDirectory(dir=into.parent) as fresh:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary=:all:", "--implementation", "cp", "--python-version", PYTHON,
            "--abi", f"cp{PYTHON.replace('.', '')}", "--abi", "abi3", "--abi", "none",
            *platforms, "--find-links", str(into), "--dest", fresh, *asked,
        ]  # fmt: skip
        if subprocess.run([*command, "--no-index"], capture_output=True, check=False).returncode:
            subprocess.run(command, check=True)
        wanted = sorted(path.name for path in Path(fresh).iterdir())
        for name in wanted:
            shutil.move(Path(fresh) / name, into / name)
    return [into / name for name in wanted]


def sources() -> list[Path]:
    """The files that the project's own wheel is made of, relative to the project."""
    found = [path.relative_to(ROOT) for path in committed()]
    return [path for path in found if path.parts[0] in ROOMS or path.as_posix() in ALSO]


def own_wheel(out: Path, *, version: str | None = None, epoch: int | None = None) -> Path:
    """The project's own wheel, built in `out` by its build backend from the committed files alone. version: another
    one than that of pyproject.toml; epoch: the moment that its files get, in seconds since 1970."""
    with tempfile.TemporaryDirectory() as folder:
        for path in sources():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, Path(folder) / path)
        if version is not None:
            project = Path(folder) / "pyproject.toml"
            said = project.read_text(encoding="utf-8")
            named = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', said, count=1)
            project.write_text(named, encoding="utf-8")
        for path in Path(folder).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        code = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
        stamped = {} if epoch is None else {"SOURCE_DATE_EPOCH": str(epoch)}
        done = subprocess.run(
            [sys.executable, "-c", code, str(out.resolve())],
            cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **stamped},
        )  # fmt: skip
    return out / done.stdout.split()[-1]


def contents(
    places: Mapping[str, Iterable[Path]], own: Path, version: str, when: datetime
) -> Files:
    """What lies in an archive for these platforms, each with its wheels; without the sums."""
    windows = any(place in WINDOWS for place in places)
    names = (*FOR_BOTH, *(FOR_WINDOWS if windows else FOR_LINUX))
    files = {name: (HERE / name).read_bytes() for name in names}
    files |= {name: (ROOT / name).read_bytes() for name in LISTS}
    files["VERSION"] = f"{version}\n{when:%Y-%m-%d}\n".encode()
    files["sbom.json"] = written_bill(version, when).encode()
    files["licences/licences.md"] = licences().encode()
    files["CHANGELOG.md"] = (ROOT / "CHANGELOG.md").read_bytes()
    for path in committed():
        inside = path.relative_to(ROOT)
        if inside.parts[0] == "docs" and inside.suffix in (".md", ".svg"):
            files[inside.as_posix()] = path.read_bytes()
    for place, wheels in places.items():
        for wheel in (*wheels, own):
            folder = ANY if wheel.name.endswith("-none-any.whl") else place
            files[f"wheels/{folder}/{wheel.name}"] = wheel.read_bytes()
            files |= licences_in(wheel)
    return files


def licences_in(wheel: Path) -> Files:
    """The texts of the licences that lie in a wheel."""
    name = "-".join(wheel.name.split("-")[:2])
    with zipfile.ZipFile(wheel) as package:
        return {
            f"licences/{name}/{PurePosixPath(found[1]).name}": package.read(one)
            for one in package.namelist()
            if (found := LICENCE.match(one)) and not one.endswith("/")
        }


def summed(files: Files) -> bytes:
    """The sums of all files, as sha256sum reads them."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode()


def _mode(name: str) -> int:
    return 0o755 if name.endswith(RUNNABLE) else 0o644


def write_tar(file: Path, top: str, files: Files, when: datetime) -> None:
    """A .tar.gz of the files below the folder `top`: by name, owned by root, all of one moment."""
    with file.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:  # noqa: SIM117
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name in sorted(files):
                info = tarfile.TarInfo(f"{top}/{name}")
                info.size, info.mode, info.mtime = len(files[name]), _mode(name), int(when.timestamp())  # fmt: skip
                info.uname = info.gname = "root"
                archive.addfile(info, io.BytesIO(files[name]))


def write_zip(file: Path, top: str, files: Files, when: datetime) -> None:
    """The same as a .zip, which Windows opens by itself."""
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{top}/{name}", when.timetuple()[:6])
            info.external_attr = (0o100000 | _mode(name)) << 16
            info.create_system = 3
            stored = name.endswith(".whl")
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])


ARCHIVES = {"offline.tar.gz": (LINUX, write_tar), "offline-windows.zip": (WINDOWS, write_zip)}
"""By the end of its name, which platforms an archive serves, and what writes it."""


def build(
    out: Path,
    wheels: Path,
    when: datetime,
    version: str | None = None,
    only: Sequence[str] = (*LINUX, *WINDOWS),
) -> Iterator[Path]:
    """The archives, written into `out`. wheels: the folder in which what was downloaded stays for the next time; only:
    the platforms that are wanted, if not all."""
    told = version or project_version()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        own = own_wheel(Path(made), version=version, epoch=int(when.timestamp()))
        for ending, (places, write) in ARCHIVES.items():
            fetched = {one: download(one, wheels / one) for one in places if one in only}
            if not fetched:
                continue
            files = contents(fetched, own, told, when)
            files[SUMS] = summed(files)
            file = out / f"gongkai-{told}-{ending}"
            part = file.with_suffix(".part")
            write(part, f"gongkai-{told}-{ending.partition('.')[0]}", files, when)
            part.replace(file)
            yield file


def project_version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def moment(day: str | None, environ: Mapping[str, str] = os.environ) -> datetime:
    """The moment that everything in the archive gets: the day that is named, else SOURCE_DATE_EPOCH, else today.

    Raises ValueError for what is no day.
    """
    if day:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    if epoch := environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.build", description=__doc__)
    parser.add_argument("--date", help="day of the archive, YYYY-MM-DD (or SOURCE_DATE_EPOCH)")
    parser.add_argument("--version", help="another version than that of pyproject.toml")
    parser.add_argument(
        "--only", action="append", choices=(*LINUX, *WINDOWS), help="a platform, if not all"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="folder of the archives")
    parser.add_argument("--wheels", type=Path, default=ROOT / "build" / "wheels")
    given = parser.parse_args()
    for file in build(
        given.out, given.wheels, moment(given.date), given.version, given.only or (*LINUX, *WINDOWS)
    ):
        content = file.read_bytes()
        print(f"{file}  {len(content) / 1e6:.0f} MB  sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
