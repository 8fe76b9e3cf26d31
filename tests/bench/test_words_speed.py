"""What it costs that names, requests and the words of logs lie sealed: filing, an event and the list of cases with the
setting on beside the same with it off."""

from collections.abc import Callable
from pathlib import Path

from tests.bench.conftest import interleaved
from tests.counting import work
from tests.workflow.service.sampling import KEYS
from tests.workflow.service.town import Town
from workflow.service.cases.worklist import Worklist
from workflow.store.sealed import Secrets

MOST = 1.5
LISTED = 100


def towns(folder: Path) -> list[Town]:
    """Two with as many cases; in the first one words lie sealed."""
    made = []
    for name, seals in (("sealed", True), ("plain", False)):
        (folder / name).mkdir()
        keys = Secrets(KEYS.now.secret, seals_words=seals)
        made.append(Town(folder / name, "2024-05-06", keys=keys))
    return made


def ways(town: Town, times: int) -> dict[str, Callable[[], object]]:
    """Filing so many, assigning those, and reading the list as often."""
    worklist, clerk = Worklist(town.office), town.staff("lifang")
    waiting: list[str] = []

    def file() -> None:
        waiting.extend(town.file().number for _ in range(times))

    def assign() -> None:
        said = {
            "on": "2024-05-06",
            "to": "农业中心",
            "note": "请于五个工作日内查找有关合同和验收材料",
        }
        for _ in range(times):
            town.moving.apply(clerk, waiting.pop(), "assign", said)

    def listed() -> None:
        for _ in range(times):
            worklist.cases(clerk, limit=LISTED)

    return {"filing": file, "an event": assign, "the list": listed}


def test_sealed_words_cost_little(tmp_path: Path, full: bool, tell: Callable[[str], None]) -> None:
    """Aim: at most 1.5 times as much processor time, and not one statement more."""
    times, rounds = (40, 5) if full else (2, 1)
    sealed, plain = towns(tmp_path)
    both = ways(sealed, times), ways(plain, times)
    for name in both[0]:
        on, off = (each[name] for each in both)
        with work() as said:
            on()
        with work() as said_off:
            off()
        assert said.statements == said_off.statements, name
        if full:
            with_seals, without = interleaved([on, off], rounds)
            each = f"{1e3 * with_seals / times:.2f} ms, {1e3 * without / times:.2f} ms plain"
            tell(
                f"{name}, words sealed: {with_seals / without:.2f} × plain (aim {MOST})   [{each}]"
            )
            assert with_seals <= MOST * without, name
    for town in (sealed, plain):
        town.office.store.close()
