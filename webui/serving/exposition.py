"""Figures as a watch reads them: the text format of Prometheus, version 0.0.4."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from webui.serving.figures import BUCKETS, KINDS, Figures
from workflow.service.gauges import Gauges

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]
_TICKS = 100
"""Of /proc in a second, on every Linux that there is (USER_HZ)."""


@dataclass(frozen=True)
class Metric:
    """A figure with its samples. kind: counter, gauge or histogram; samples: end of the name, labels, value."""

    name: str
    kind: str
    about: str
    samples: tuple[tuple[str, Labels, float], ...]


def text_of(metrics: Iterable[Metric]) -> str:
    """The metrics as a page; one without samples is left out."""
    lines = []
    for one in metrics:
        if one.samples:
            lines += [f"# HELP {one.name} {one.about}", f"# TYPE {one.name} {one.kind}"]
            lines += [_line(one.name + end, labels, value) for end, labels, value in one.samples]
    return "\n".join([*lines, ""])


def _line(name: str, labels: Labels, value: float) -> str:
    said = ",".join(f'{label}="{_escaped(word)}"' for label, word in labels.items())
    number = f"{value:d}" if isinstance(value, int) else repr(float(value))
    return f"{name}{{{said}}} {number}" if said else f"{name} {number}"


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def of_server(figures: Figures, own: Labels) -> list[Metric]:
    """What was asked of the server. own: labels of figures that are one process's alone."""
    requests = tuple(
        ("", {"kind": kind, "status": str(status or "other"), **own}, count)
        for kind, status, count in figures.requests()
    )
    times: list[tuple[str, Labels, float]] = []
    for kind in KINDS:
        found = figures.times(kind)
        if found.count:
            of = {"kind": kind, **own}
            bounds = [*(f"{most:g}" for most in BUCKETS), "+Inf"]
            within = (*found.within, found.count)
            times += [
                ("_bucket", {**of, "le": most}, n) for most, n in zip(bounds, within, strict=True)
            ]
            times += [("_sum", of, found.seconds), ("_count", of, found.count)]
    return [
        Metric("gongkai_requests_total", "counter", "Requests that were answered.", requests),
        Metric("gongkai_request_seconds", "histogram", "Seconds until an answer was computed.", tuple(times)),
        Metric("gongkai_store_writes_total", "counter", "Transactions that pages and calls wrote.", (("", own, figures.writes),)),
    ]  # fmt: skip


def of_processes(figures: Figures, name_of: Mapping[int, str], proc: Path = Path("/proc")) -> list[Metric]:  # fmt: skip
    """Memory, time of the processor and start of each process, where the system tells them (Linux)."""
    started, memory, cpu = [], [], []
    for one in figures.running():
        labels = {"process": name_of.get(one.slot, str(one.pid))}
        started.append(("", labels, one.started))
        try:
            stat = (proc / str(one.pid) / "stat").read_text(encoding="ascii", errors="replace")
            statm = (proc / str(one.pid) / "statm").read_text(encoding="ascii")
        except OSError:
            continue
        words = stat.rpartition(")")[2].split()
        cpu.append(("", labels, (int(words[11]) + int(words[12])) / _TICKS))
        memory.append(("", labels, int(statm.split()[1]) * _page_bytes()))
    return [
        Metric("gongkai_process_start_time_seconds", "gauge", "When a process began, since the epoch.", tuple(started)),
        Metric("gongkai_process_resident_memory_bytes", "gauge", "Memory that a process holds, shared pages included.", tuple(memory)),
        Metric("gongkai_process_cpu_seconds_total", "counter", "Time of the processor that a process took.", tuple(cpu)),
    ]  # fmt: skip


def _page_bytes() -> int:
    import resource  # not on Windows, which has no /proc either

    return resource.getpagesize()


def of_store(gauges: Gauges | None) -> list[Metric]:
    """What the store says; without it that it does not answer."""
    up = Metric("gongkai_store_up", "gauge", "Whether the store answered.", (("", {}, int(gauges is not None)),))  # fmt: skip
    if gauges is None:
        return [up]
    bodies = gauges.bodies.items()
    moments = {"gongkai_worker_last_round_time_seconds": ("When the worker last saw what is due, since the epoch.", gauges.last_round),
               "gongkai_backup_time_seconds": ("When the last good backup was made, since the epoch.", gauges.last_backup)}  # fmt: skip
    return [
        up,
        Metric("gongkai_applications_open", "gauge", "Applications of a body that are open.", tuple(("", {"body": code}, n) for code, (n, _) in bodies)),
        Metric("gongkai_applications_late", "gauge", "Open applications of a body whose last day has passed.", tuple(("", {"body": code}, n) for code, (_, n) in bodies)),
        Metric("gongkai_messages_waiting", "gauge", "Messages that are on their way.", (("", {}, gauges.waiting),)),
        Metric("gongkai_messages_overdue", "gauge", "Messages that should have gone a quarter of an hour ago.", (("", {}, gauges.overdue),)),
        Metric("gongkai_messages_failed_lately", "gauge", "Messages that were given up in the last seven days.", (("", {}, gauges.failed),)),
        Metric("gongkai_channel_failing", "gauge", "Whether a channel fails again and again.", tuple(("", {"channel": name}, int(bad)) for name, bad in gauges.failing.items())),
        Metric("gongkai_worker_leads", "gauge", "Whether a worker leads.", (("", {}, int(gauges.leads)),)),
        *(Metric(name, "gauge", about, (("", {}, at.timestamp()),)) for name, (about, at) in moments.items() if at is not None),
    ]  # fmt: skip
