"""python -m tests.fuzz: exit code 1 where something was found."""

import argparse
import json
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path

from tests.fuzz.kinds import KINDS
from tests.fuzz.running import Finding, batches, run

FINDINGS_SHOWN = 20


def main() -> int:
    """Try, and tell how many of each kind were tried and what came of them."""
    given = _given()
    wanted = list(batches(given.count, given.seed, given.only, given.batch))
    came: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: Counter[str] = Counter()
    longest: dict[str, float] = defaultdict(float)
    peaks: Counter[str] = Counter()
    found: list[Finding] = []
    # Ctrl-C ends the run and tells what is known until then.
    with suppress(KeyboardInterrupt):
        for done, told in enumerate(run(wanted, given.jobs), 1):
            came[told.kind] += told.came
            seconds[told.kind] += told.seconds
            longest[told.kind] = max(longest[told.kind], told.longest)
            peaks[told.kind] = max(peaks[told.kind], told.peak)
            found += told.found
            if sys.stderr.isatty():
                print(
                    f"\r{done}/{len(wanted)} batches, {len(found)} faults", end="", file=sys.stderr
                )
    for kind in KINDS:
        if came[kind]:
            words = ", ".join(f"{word} {n}" for word, n in came[kind].most_common())
            most = f"{longest[kind]:.2f} s and {peaks[kind] / 1000:.0f} MB at most"
            print(f"{kind:<13}{came[kind].total():>9}{seconds[kind]:>9.0f} s  {words}; {most}")
    print(
        f"{'all':<13}{sum(one.total() for one in came.values()):>9}{seconds.total():>9.0f} s  seed {given.seed}"
    )
    known: set[str] = set()
    for one in found:
        where = one.told.rstrip().splitlines()[-1]
        if where not in known and len(known) < FINDINGS_SHOWN:
            known.add(where)
            print(f"\n{one.kind} --batch {one.batch}, input {one.place}:\n{one.told}")
    if given.json:
        said = {"seed": given.seed, "came": came, "found": [vars(one) for one in found]}
        Path(given.json).write_text(
            json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    print(f"{len(found)} faults" if found else "no fault")
    return 1 if found else 0


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="inputs in all")
    parser.add_argument("--seed", type=int, default=20190515)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--only", choices=KINDS, help="one kind alone")
    parser.add_argument("--batch", type=int, help="one batch of it, to see a finding again")
    parser.add_argument("--json", help="file for all of it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
