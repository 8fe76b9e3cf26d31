"""What it costs that an answer waits for the disk: the same filings with `synchronous` FULL and NORMAL, by the clock."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import event

from tests.stores import on_sqlite
from tests.workflow.service.town import Town

pytestmark = pytest.mark.filterwarnings("ignore")


def town(folder: Path, how: str) -> Town:
    """A town on a file of its own on the same disk."""
    folder.mkdir()
    made = Town(folder, "2024-05-06", on_sqlite(folder / "store.db"))
    if how == "NORMAL":
        made.office.store.close()
        engine = made.office.store.engine
        event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA synchronous = NORMAL"))
    return made


@pytest.mark.sqlite(reason="about SQLite's settings")
def test_filing_waits_for_the_disk(full, tell, tmp_path: Path):
    filings, rounds = (60, 9) if full else (2, 1)
    both = {how: town(tmp_path / how, how) for how in ("FULL", "NORMAL")}
    for writers in (1, 4):
        found: dict[str, list[float]] = {how: [] for how in both}
        for _ in range(rounds):
            for how, one in both.items():
                begun = perf_counter()
                with ThreadPoolExecutor(writers) as pool:
                    filed = list(pool.map(lambda _, one=one: one.file().number, range(filings)))
                found[how].append((perf_counter() - begun) / filings * 1000)
                assert len(set(filed)) == filings
        ratios = [
            full / normal for full, normal in zip(found["FULL"], found["NORMAL"], strict=True)
        ]
        tell(
            f"a filing by {writers} at once: FULL {median(found['FULL']):.2f} ms, NORMAL "
            f"{median(found['NORMAL']):.2f} ms by the clock, {median(ratios):.2f} ×"
        )
    for one in both.values():
        one.office.store.close()
