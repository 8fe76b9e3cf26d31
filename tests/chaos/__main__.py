"""python -m tests.chaos: exit code 1 where the store does not hold what was told."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.killing import Installation, faults, killed_again_and_again

LOOKED_AT_EVERY = 25


def main() -> int:
    """Kill, look, tell the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=20190515)
    given = parser.parse_args()
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gongkai-chaos-") as folder:
        at, begun = Installation(Path(folder)), time.monotonic()
        for kills, told in enumerate(
            killed_again_and_again(at, given.kills, given.clients, given.seed), 1
        ):
            if kills % LOOKED_AT_EVERY == 0:
                print(f"{kills} kills: {len(told.filed)} filed, {len(told.moved)} moved, {told.cut_off} cut off", flush=True)  # fmt: skip
        found = faults(at, told)
        print(
            f"{given.kills} SIGKILLs in {time.monotonic() - begun:.0f} s, {given.clients} clients, seed {given.seed}: "
            f"{len(told.filed)} filings and {len(told.moved)} events acknowledged, {told.cut_off} calls cut off, "
            f"{told.again} of them answered when sent again"
        )
    for one in found:
        print(one)
    print(f"{len(found)} faults" if found else "nothing lost, nothing doubled, numbers without gaps, every log verified")  # fmt: skip
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
