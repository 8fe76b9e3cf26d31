"""Many annual reports at once, for an office that reviews them: the files of folders, read and judged by processes of
their own, and the workbook of what was found."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from config.errors import in_chinese
from config.law import load_law
from workflow.commands.processes import Lost, Processes
from workflow.dates import today
from workflow.paper.workbook import as_xlsx
from workflow.report.annual import AnnualReport
from workflow.report.findings_table import Checked, sheets
from workflow.report.judged import Before, Judged, judged, last_years
from workflow.report.reading import BYTES_MOST, Unreadable, read_report

SECONDS_MOST = 30.0
"""For one file; reading one takes some hundredths of a second."""
FOR_ONE = 20
"""Files for which a further process is begun: to begin one takes as long as to check so many."""
_NO_REPORTS = ("thumbs.db", "desktop.ini")
"""What Windows puts into folders."""


def files_of(named: Sequence[str], but: str | None = None) -> list[str]:
    """The files that were named and all those below folders that were, in order. Left out are hidden files, what Office
    and Windows lay beside files, what is no file, and the workbook that is to be written."""
    found: list[str] = []
    for one in named:
        if os.path.isdir(one):
            found += [path for path in _below(one) if not _same(path, but)]
        else:
            found.append(one)
    return found


def _below(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            path = os.path.join(place, name)
            beside = name.startswith((".", "~$")) or name.lower() in _NO_REPORTS
            # A link that leads nowhere is told; a pipe would wait for ever.
            if not beside and (os.path.isfile(path) or os.path.islink(path)):
                yield path


def _same(path: str, other: str | None) -> bool:
    return other is not None and os.path.exists(other) and os.path.samefile(path, other)


def shown(path: str) -> str:
    """A name as it can be printed and written down, whatever signs somebody put into it."""
    plain = os.fsencode(path).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "�" for char in plain)


# -- reading and judging -----------------------------------------------------------------------------


def read_file(path: str) -> AnnualReport | Lost:
    """The report in a file, `-` for standard input; why there is none, in words."""
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as stream:
            data = stream.read(BYTES_MOST + 1)
        return read_report(Path(path).name, data, load_law().formats)
    except Unreadable as error:
        return Lost(str(error))
    except OSError as error:
        return Lost(f"无法读取（{in_chinese(error)}）")
    except ValueError:
        return Lost("不是文件名")


def judge(asked: tuple[AnnualReport, AnnualReport | None, bool]) -> Judged:
    """The report, with last year's, or with the word that there are several of it."""
    report, before, doubtful = asked
    return judged(report, load_law(), before, doubtful=doubtful)


def checked_side_by_side(paths: Sequence[str]) -> list[Checked]:
    """Every file with what was found, in order. One that cannot be read, or on which a process ends or hangs, is told as
    such and keeps nobody up."""
    count = min(_processors(), 1 + len(paths) // FOR_ONE)
    with Processes(count, SECONDS_MOST) as processes:
        read: list[AnnualReport | Lost] = [Lost("")] * len(paths)
        with Progress("正在读取", len(paths)) as progress:
            for place, report in processes.run(read_file, paths):
                read[place] = report
                progress.step()
        reports = [None if isinstance(one, Lost) else one for one in read]
        before = last_years(reports)
        asked = [
            (place, (report, _before(reports, before[place]), before[place].doubtful))
            for place, report in enumerate(reports)
            if report is not None
        ]
        found: dict[int, Judged | Lost] = {}
        with Progress("正在核对", len(asked)) as progress:
            for at, said in processes.run(judge, [one for _, one in asked]):
                found[asked[at][0]] = said
                progress.step()
    names = [shown(path) for path in paths]
    return [
        _checked(names, place, found.get(place, read[place]), before[place])
        for place in range(len(names))
    ]


def _before(reports: Sequence[AnnualReport | None], before: Before) -> AnnualReport | None:
    return None if before.place is None else reports[before.place]


def _checked(
    names: Sequence[str], place: int, found: Judged | AnnualReport | Lost, before: Before
) -> Checked:
    if isinstance(found, Judged):
        earlier = "" if before.place is None else names[before.place]
        return Checked(names[place], found, before=earlier)
    assert isinstance(found, Lost)
    return Checked(names[place], why=found.why)


def _processors() -> int:
    """Of those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Progress:
    """A line on standard error that says how far it is, where that is a terminal; gone at the end."""

    def __init__(self, doing: str, of: int) -> None:
        self.doing, self.of, self.done = doing, of, 0
        self._told = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        self._write(f"{self.doing}：0/{self.of}")
        return self

    def step(self) -> None:
        self.done += 1
        self._write(f"{self.doing}：{self.done}/{self.of}")

    def __exit__(self, *_: object) -> None:
        self._write("")

    def _write(self, line: str) -> None:
        if self._told:
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)


# -- what is told at the end -------------------------------------------------------------------------


def in_words(checked: Sequence[Checked], table: str | None) -> str:
    """The whole in a line."""
    read = [one.judged for one in checked if one.judged]
    errors = sum(one.of_level("error") for one in read)
    warns = sum(one.of_level("warn") for one in read)
    unread = len(checked) - len(read)
    return (
        f"共 {len(checked)} 份，读出 {len(read)} 份"
        + (f"，{unread} 份没有读出" if unread else "")
        + f"；错误 {errors} 处，提示 {warns} 处"
        + (f"；已写入 {shown(table)}" if table else "")
    )


def write_table(path: str, checked: Sequence[Checked], below: str = "") -> None:
    """The workbook, whole or not at all. below: the folder that all files lie in, which their names are told without.
    Raises OSError."""
    on, start = today(), os.path.join(shown(below), "") if below else ""
    told = [
        replace(one, name=one.name.removeprefix(start), before=one.before.removeprefix(start))
        for one in checked
    ]
    content = as_xlsx(*sheets(told, load_law(), on), dated=on)
    half = Path(path).with_name(f".{Path(path).name}.part")
    try:
        half.write_bytes(content)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
