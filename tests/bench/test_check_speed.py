"""Many reports at once beside the same reports one after the other: what processes of their own cost in CPU time."""

from pathlib import Path

from tests.bench.conftest import interleaved
from tests.examples import TABLES
from tests.workflow.report.checks.reports import published
from tests.workflow.report.report_files import WRITERS
from workflow.commands.check_folder import checked_side_by_side, judge, read_file
from workflow.commands.processes import Lost
from workflow.report.judged import last_years

MOST = 2.0
"""Times the CPU time of reading and judging alone."""


def written(folder: Path, count: int) -> list[str]:
    """So many reports in mixed formats."""
    kinds, names = list(WRITERS), [path.stem for path in TABLES]
    paths = []
    for n in range(count):
        name, kind = names[n % len(names)], kinds[n % len(kinds)]
        path = folder / f"{n}_{name}.{kind}"
        path.write_bytes(WRITERS[kind](published(name)))
        paths.append(str(path))
    return paths


def here(paths: list[str]) -> int:
    """The same in this process, one after the other; how many were read."""
    read = [one for path in paths if not isinstance(one := read_file(path), Lost)]
    return len(
        [
            judge((one, None if last.place is None else read[last.place], last.doubtful))
            for one, last in zip(read, last_years(read), strict=True)
        ]
    )


def test_a_folder_costs_little_more_than_its_files(tmp_path, full, tell):
    """Beyond what it takes to begin the processes, which is the same for few files and for many."""
    paths = written(tmp_path, 400 if full else 4)
    assert here(paths) == len(paths)

    def few() -> None:
        # As many processes for next to no work.
        checked_side_by_side([str(tmp_path / "nothing")] * len(paths))

    def whole() -> None:
        assert all(one.judged for one in checked_side_by_side(paths))

    begun, together, alone = interleaved([few, whole, lambda: here(paths)], 3 if full else 1)
    ratio = (together - begun) / alone
    tell(f"{len(paths)} reports side by side {ratio:.2f} × the same one after the other (aim: {MOST})")  # fmt: skip
    tell(f"to begin the processes: {begun / alone:.2f} × that")
    assert not full or ratio <= MOST
