"""Do the tests of a room notice when it is bent? `make mutants ROOM=workflow/clock`; docs/testing.md."""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.mutants.mutations import Mutant, mutants
from tests.mutants.running import HarnessBroken, Runner, Verdict

ENOUGH = 0.85


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 0 when enough were killed, 1 when not, 2 when nothing could be tried."""
    asked = _parser().parse_args(words)
    root = Path(asked.root).resolve()
    os.chdir(root)
    sys.path.insert(0, str(root))
    rooms = [root / room for room in asked.rooms]
    found = [m for room in rooms for file in files_of(room) for m in mutants(file, root)]
    chosen = found if asked.all else sample(found, asked.sample, asked.seed)
    if not chosen:
        print("nothing to change in", *asked.rooms)
        return 2
    tests = asked.tests or sorted({str(mirror_of(room, root).relative_to(root)) for room in rooms})
    print(f"{len(chosen)} of {len(found)} mutants; tests: {' '.join(tests)}", flush=True)
    try:
        verdicts = tried(root, tests, chosen, asked)
    except HarnessBroken as broken:
        print(broken)
        return 2
    if not verdicts:
        return 2
    print(told(verdicts))
    if asked.json:
        Path(asked.json).write_text(as_json(verdicts), "utf-8")
    return 0 if score(verdicts) >= ENOUGH else 1


def tried(
    root: Path, tests: Sequence[str], chosen: Sequence[Mutant], asked: argparse.Namespace
) -> list[Verdict] | None:
    """Every mutant tried; None when the tests fail on the unchanged house."""
    with tempfile.TemporaryDirectory(prefix="mutants") as scratch:
        runner = Runner(root, tests, asked.patience, Path(scratch))
        began = time.monotonic()
        known = runner.unchanged({mutant.path for mutant in chosen})
        if known.failed:
            print("these fail with nothing changed:", *known.failed, sep="\n  ")
            return None
        print(f"{len(known.seconds)} tests, {time.monotonic() - began:.0f} s watched", flush=True)
        verdicts = []
        # Who stops it is told what is known until then.
        with suppress(KeyboardInterrupt):
            for verdict in runner.verdicts(chosen, known, asked.jobs):
                verdicts.append(verdict)
                print("." if verdict.killed else "S", end="", flush=True)
        print(f" {time.monotonic() - began:.0f} s")
    return sorted(verdicts, key=lambda one: (one.mutant.path, one.mutant.number))


def files_of(room: Path) -> list[Path]:
    if not room.exists():
        raise SystemExit(f"{room} is not there")
    return [room] if room.is_file() else sorted(room.rglob("*.py"))


def mirror_of(room: Path, root: Path) -> Path:
    """The folder under tests/ that mirrors the room's, or the nearest one above that is there."""
    folder = root / "tests" / (room if room.is_dir() else room.parent).relative_to(root)
    while not folder.is_dir():
        folder = folder.parent
    return folder


def sample(found: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """The same ones for the same seed, in the order of the files."""
    chosen = random.Random(seed).sample(range(len(found)), min(size, len(found)))
    return [found[index] for index in sorted(chosen)]


def score(verdicts: Sequence[Verdict]) -> float:
    return sum(one.killed for one in verdicts) / len(verdicts)


def told(verdicts: Sequence[Verdict]) -> str:
    """Killed of tried by file, then who survived."""
    tries = Counter(one.mutant.path for one in verdicts)
    kills = Counter(one.mutant.path for one in verdicts if one.killed)
    lines = [f"{kills[path]:5}/{number:<5} {path}" for path, number in tries.items()]
    lines.append(f"{kills.total():5}/{len(verdicts):<5} {score(verdicts):.1%}")
    for one in verdicts:
        if not one.killed:
            note = "  (no test runs it)" if one.how == "unreached" else ""
            lines.append(f"{one.mutant}{note}")
    return "\n".join(lines)


def as_json(verdicts: Sequence[Verdict]) -> str:
    rows = [
        {
            "file": one.mutant.path,
            "line": one.mutant.line,
            "before": one.mutant.before,
            "after": one.mutant.after,
            "how": one.how,
        }
        for one in verdicts
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rooms", nargs="+", help="folders or files whose code is changed")
    parser.add_argument("--tests", nargs="+", help="instead of the tests of the same folder")
    parser.add_argument("--sample", type=int, default=60, help="how many mutants, by chance")
    parser.add_argument("--seed", type=int, default=20190515, help="of that chance")
    parser.add_argument("--all", action="store_true", help="all mutants instead of a sample")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--patience", type=float, default=30, help="seconds for loading the house")
    parser.add_argument("--json", metavar="FILE", help="write every verdict there too")
    parser.add_argument("--root", default=".", help="the project; its own folder if not given")
    return parser


if __name__ == "__main__":
    sys.exit(main())
