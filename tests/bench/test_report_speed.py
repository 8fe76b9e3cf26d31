"""A whole report in all formats: the aim is under five seconds for one body and year."""

from time import perf_counter

from tests.bench.conftest import seconds
from tests.workflow.report.annual import published
from workflow.report.writing import WRITERS


def test_a_whole_report_in_all_formats(full, tell):
    report = published()
    begun = perf_counter()
    sizes = {name: len(writer.write(report)) for name, writer in WRITERS.items()}
    tell(f"whole report, all formats, the first time: {perf_counter() - begun:.2f} s (aim: 5 s)")
    for name, writer in WRITERS.items():
        again = seconds(lambda writer=writer: writer.write(report), 5 if full else 1)
        tell(f"{name:<5}{again * 1000:7.0f} ms {sizes[name] / 1024:7.0f} KB")
    assert all(sizes.values())
