"""Does the program grow? Mixed requests for as long as one likes, with the memory after every thousand.

What is kept between requests must have a bound: rules, bodies, statements, templates, limits. Days pass and
every visitor comes from another address, so that whatever is kept for each of them would show.
"""

import gc
import random
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tests.samples import pdf
from tests.webui.conftest import Today
from tests.webui.filing import file as file_one
from tests.webui.visitor import Visitor
from workflow.service import Office

READ = ("/", "/apply?form=abcdefghijklmnopqrst", "/query", "/desk/login", "/api/v1/openapi.json")
DESK = (
    "/desk/", "/desk/cases", "/desk/cases?q={noise}", "/desk/cases?q=2024", "/desk/inbox", "/desk/record",
    "/desk/calendar", "/desk/settings", "/desk/preferences", "/desk/morning", "/desk/register",
    "/desk/cases/panlong/{number}", "/desk/cases/panlong/{noise}",
)  # fmt: skip


def resident() -> int:
    """What the process holds in memory, in KiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4


@pytest.mark.long(reason="asks a server for some ten seconds")
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by Linux alone")
def test_memory_stays_flat_over_mixed_requests(
    app: Flask,
    office: Office,
    today: Today,
    full: bool,
    tell: Callable[[str], None],
) -> None:
    """Aim: flat over 20,000 requests."""
    app.config["RATELIMIT_ENABLED"] = True
    number, step = (20_000, 1_000) if full else (120, 40)
    dice, filed, memory = random.Random(7), list[str](), [resident()]
    answers: dict[int, int] = {}
    person = office.staff("lifang")
    assert person is not None
    clerk, anybody = Visitor(app).signed_in(person), Visitor(app)

    def ask(who: Visitor, path: str, **typed: str) -> None:
        where = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}"
        said = {"environ_base": {"REMOTE_ADDR": where}}
        page = who.client.post(path, data=typed, **said) if typed else who.client.get(path, **said)
        page.close()
        answers[page.status_code] = answers.get(page.status_code, 0) + 1

    for done in range(1, number + 1):
        lot, noise = dice.random(), f"x{dice.randrange(10**9)}"
        if lot < 0.02 or not filed:
            app.config["RATELIMIT_ENABLED"] = False
            case, _ = file_one(Visitor(app), items=f"养护合同 {noise}")
            filed.append(case)
            app.config["RATELIMIT_ENABLED"] = True
        elif lot < 0.03:
            page = clerk.get(f"/desk/cases/panlong/{dice.choice(filed[-50:])}")
            if "/files" in page.html:
                page.send(
                    f"{page.path[5:]}/files", kind="other", file=(BytesIO(pdf("笔录")), "笔录.pdf")
                )
        elif lot < 0.5:
            ask(anybody, dice.choice(READ))
        elif lot < 0.55:
            ask(anybody, f"/{noise}?a={noise}")
        elif lot < 0.6:
            ask(Visitor(app), "/query", number=dice.choice(filed), code=noise)
        else:
            ask(clerk, dice.choice(DESK).format(noise=noise, number=dice.choice(filed)))
        if done % 50 == 0:
            today.moment += timedelta(hours=7)
            clerk = Visitor(app).signed_in(person)  # the old session has ended meanwhile
        if done % step == 0:
            memory.append(resident())
    assert not [status for status in answers if status >= 500], answers
    assert answers[200] > number / 2, answers
    tell(
        f"{number} mixed requests ({dict(sorted(answers.items()))}):"
        f" {' '.join(f'{kib // 1024}' for kib in memory)} MiB"
    )
    if full:
        half = memory[len(memory) // 2]
        assert memory[-1] < 1.05 * half, "it grows"
