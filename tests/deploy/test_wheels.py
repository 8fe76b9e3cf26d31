"""The wheels of the archive: they load on the oldest systems that it is for, and each has what it asks for."""

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from packaging.markers import default_environment
from packaging.metadata import Metadata
from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.build import GLIBC, LINUX, LISTS, ROOT, WINDOWS, download, tags_of
from tests.test_package import pins

ELF = b"\x7fELF"
LOAD = 1
PAGE = {"x86_64": 0x1000, "aarch64": 0x10000}
"""The biggest pages of kernels there: Kylin V10 for Kunpeng and Phytium has pages of 64 KB."""
NEWEST = {"GLIBC": GLIBC, "GLIBCXX": (3, 4, 24), "CXXABI": (1, 3, 11), "GCC": (7, 0)}
"""What the libraries of GCC 7.3 on Kylin V10 know; UOS 20 has those of GCC 8.3."""
VERSIONED = re.compile(rb"\x00(GLIBC|GLIBCXX|CXXABI|GCC)_([\d.]+)(?=\x00)")
OF_SYSTEM = {
    "linux-x86_64": {"platform_machine": "x86_64"},
    "linux-aarch64": {"platform_machine": "aarch64"},
    "windows-x86_64": {
        "platform_machine": "AMD64", "sys_platform": "win32", "os_name": "nt", "platform_system": "Windows",
    },
}  # fmt: skip
LONG = pytest.mark.long(
    reason="downloads a hundred megabytes of wheels where they are not there yet"
)


@pytest.fixture(scope="module", params=[*LINUX, *WINDOWS])
def wheels(request: pytest.FixtureRequest) -> tuple[str, list[Path]]:
    """The platform, and its wheels."""
    place = str(request.param)
    try:
        return place, download(place, ROOT / "build" / "wheels" / place)
    except CalledProcessError as error:
        pytest.fail(f"pip could not download the wheels of {place}: {error}")


def libraries(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Every ELF file in a wheel."""
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            content = package.read(name)
            if content.startswith(ELF):
                yield name, content


def asks_for(library: bytes) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The versions of symbols that a library names: those of the system's libraries that it wants."""
    for name, version in VERSIONED.findall(library):
        yield name.decode(), tuple(int(one) for one in version.split(b"."))


def alignments(library: bytes) -> Iterator[int]:
    """How its segments are laid out: what a page may have at most."""
    (start,) = struct.unpack_from("<Q", library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    for one in range(count):
        kind, _, offset, address, *_, align = struct.unpack_from(
            "<IIQQQQQQ", library, start + one * size
        )
        if kind == LOAD:
            yield align
            assert (address - offset) % align == 0


@LONG
def test_every_locked_package_has_a_wheel(wheels: tuple[str, list[Path]]) -> None:
    place, files = wheels
    found = {parse_wheel_filename(file.name)[:2] for file in files}
    wanted = {tuple(line.split("==")) for name in LISTS for line in pins(name)}
    assert {(name, str(version)) for name, version in found} == wanted
    for file in files:
        platforms = {tag.platform for tag in parse_wheel_filename(file.name)[3]}
        assert platforms == {"any"} or platforms & {*tags_of(place)}, file.name


@LONG
def test_no_library_asks_for_more_than_the_oldest_system_has(
    wheels: tuple[str, list[Path]],
) -> None:
    """The name of a wheel promises it; the loader looks at the symbols."""
    place, files = wheels
    if place in WINDOWS:
        pytest.skip("wheels of Windows have no libraries of Linux")
    newest: dict[str, tuple[int, ...]] = {}
    for file in files:
        for name, library in libraries(file):
            for kind, version in asks_for(library):
                assert version <= NEWEST[kind], f"{file.name}: {name} asks for {kind}_{version}"
                newest[kind] = max(newest.get(kind, ()), version)
            assert min(alignments(library)) >= PAGE[place.rpartition("-")[2]], (
                f"{file.name}: {name}"
            )
    assert newest["GLIBC"] > (2, 17), "nothing was looked at"
    print(place, newest)


@LONG
def test_every_wheel_has_what_it_asks_for_on_its_system(wheels: tuple[str, list[Path]]) -> None:
    """The lists are locked on Linux; what a package wants on Windows alone would be missing there."""
    place, files = wheels
    named = {parse_wheel_filename(file.name)[0] for file in files}
    system = {**default_environment(), **OF_SYSTEM[place], "python_version": "3.11", "python_full_version": "3.11.2"}  # fmt: skip
    asked = 0
    for file in files:
        with zipfile.ZipFile(file) as package:
            (said,) = (
                name
                for name in package.namelist()
                if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)
            )
            metadata = Metadata.from_email(package.read(said), validate=False)
        for needed in metadata.requires_dist or []:
            if needed.marker is None or needed.marker.evaluate({**system, "extra": ""}):
                asked += 1
                assert canonicalize_name(needed.name) in named, f"{file.name} wants {needed}"
    assert asked > len(files) // 2


def test_what_a_library_asks_for_is_seen() -> None:
    said = ELF + b"\x00GLIBC_2.34\x00GLIBCXX_3.4.30\x00libc.so.6\x00"
    assert dict(asks_for(said)) == {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 30)}
