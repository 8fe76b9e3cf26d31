"""What a command costs before it does anything, and what a server holds when it shows its first page."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from tests.examples import ROOT

PARTS = "import flask, sqlalchemy.orm, pydantic, waitress"
"""The parts that every page needs, as they are imported alone."""
MEMORY = """
def held():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
"""
SERVED = """
from webui.app import create_app
from webui import commands
from notifications.commands import beside_the_pages
from config.settings import load
app = create_app(settings=load())
client = app.test_client()
stop = beside_the_pages(load())
found = []
for n in range(1, {last} + 1):
    client.get(("/", "/apply?form=abcdefghijklmnopqrst", "/query", "/static/gongkai.css")[n % 4 - 1])
    if n in {asked}:
        found.append(held())
stop()
print(found)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of an installation, with a store."""
    run(tmp_path, "gongkai.py", "init", "--agency", "a", "--name", "甲", "--level", "township")
    return tmp_path


def run(folder: Path, *given: str) -> str:
    env = {**os.environ, "GONGKAI_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, *given], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


def cpu(folder: Path, *given: str) -> float:
    """Seconds of CPU of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder, *given)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_command_starts_in_few_times_what_its_shell_needs(full, tell, folder, tmp_path):
    """Aim: the list of commands at most 3 times `import click`, `deadline` at most 6 times."""
    timeline = tmp_path / "timeline.json"
    events = [{"event": "receive", "on": "2024-03-04", "channel": "in_person"}]
    timeline.write_text(json.dumps({"events": events}), encoding="utf-8")
    commands = {
        "import click": ("-c", "import click"),
        "--help": ("gongkai.py", "--help"),
        "deadline": ("gongkai.py", "deadline", str(timeline)),
    }
    # Once before: what Python compiles and config/ keeps is there.
    assert '"reply_due": "2024-04-01"' in run(folder, *commands["deadline"])
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(9 if full else 1):
        for name, given in commands.items():
            found[name].append(cpu(folder, *given))
    bare = median(found["import click"])
    tell(
        f"gongkai --help: {median(found['--help']) / bare:.1f} × import click (aim ≤ 3), "
        f"deadline: {median(found['deadline']) / bare:.1f} × (aim ≤ 6)"
    )


@pytest.mark.long(reason="starts servers and asks many pages of them")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory in /proc")
def test_a_server_holds_little_more_than_its_parts_and_no_more_after_many_pages(full, tell, folder):
    """Aim: at the first page at most 1.6 times the bare parts, and the same after 20,000."""
    last = 20_000 if full else 40
    asked = (1, last // 10, last)
    alone = int(run(folder, "-c", f"{MEMORY}{PARTS}\nprint(held())"))
    served = run(folder, "-c", MEMORY + SERVED.format(last=last, asked=asked))
    first, then, end = json.loads(served)
    tell(
        f"serve at its first page: {first / alone:.2f} × its parts alone (aim ≤ 1.6), "
        f"after {asked[1]} pages {then / alone:.2f} ×, after {last} {end / alone:.2f} ×"
    )
    assert first > alone
