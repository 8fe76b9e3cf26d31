"""Every page as the checkers of others see it: the Nu checker, html-validate, pa11y and Lighthouse (make pages).

They need node, java and packages of npm, so that no other run has them; test_markup.py and axe stand for them there.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import NAMES, PORTAL, visit
from tests.workflow.report.annual import published
from workflow.report.writing import WRITERS

__all__ = ["visit"]
pytestmark = pytest.mark.long(
    reason="every page through checkers of npm, which make pages installs"
)
HERE = Path(__file__).parent / "checkers"
LEAST = 95
"""Of a hundred, in each of the four categories of Lighthouse."""
CATEGORIES = {"performance", "accessibility", "best-practices", "seo"}
WEIGHED = ("start", "form of a body", "query", "published report of a body", "worklist", "case in hand", "search",
           "looking over")  # fmt: skip
"""Pages that Lighthouse looks at, on a phone and at a desk: two minutes of a processor each."""
INSIDE = ("worklist", "case in hand", "search", "looking over")
"""Behind the login; they tell search engines to stay away, which Lighthouse counts against a page."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages as files. at: where those are that can be asked for again, and with which cookies, by name."""

    folder: Path
    at: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, page: bytes) -> None:
        (self.folder / f"{name.replace(' ', '-')}.html").write_bytes(page)


@pytest.fixture(scope="module")
def checkers(request: pytest.FixtureRequest) -> Path:
    """The folder in which `make pages` has put the checkers."""
    folder = request.config.getoption("--checkers")
    if folder is None:
        pytest.skip("the checkers of npm are not installed: make pages")
    return Path(folder).resolve()


@pytest.fixture(scope="module")
def shelf(checkers, request, visit, window, cookies, tmp_path_factory) -> Shelf:
    """Every page as it is served and as it became; the portal in traditional script as well; pages that say no."""
    keep = request.config.getoption("--pages")
    shelf = Shelf(Path(keep).resolve() if keep else tmp_path_factory.mktemp("pages"))
    shelf.folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        with visit(name) as walker:
            answer = walker.answer
            shelf.put(name, answer.body())
            shelf.put(f"{name} scripted", walker.page.content().encode())
            if answer.request.method == "GET":
                known = walker.page.context.cookies()
                cookies_of = [
                    {key: one[key] for key in ("name", "value", "domain", "path")} for one in known
                ]
                shelf.at[name] = {"address": answer.url, "cookies": cookies_of}
    with window(storage_state=cookies("lifang")) as walker:
        ask = walker.page.request
        for name, address in PORTAL.items():
            shelf.put(f"{name} traditional", ask.get(f"/zh-hant{address}").body())
        refused = {
            403: ask.get("/desk/staff"),
            405: ask.delete("/apply"),
            400: ask.post("/apply", form={"step": "review"}),
        }
        for code, answer in refused.items():
            assert answer.status == code
            shelf.put(f"refused {code}", answer.body())
    shelf.put("report as a file", WRITERS["html"].write(published("huaian_2024")))
    return shelf


def told_by(command: list[str], at: Path, tmp_path: Path, asked: Any = None) -> Any:
    """What a checker prints, as JSON: into a file, as one of them ends before a pipe has taken all of it."""
    with (tmp_path / "told.json").open("w") as told:
        found = subprocess.run(
            command, cwd=at, input=json.dumps(asked), stdout=told, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
    said = (tmp_path / "told.json").read_text()
    assert said, found.stderr
    return json.loads(said)


def test_the_nu_checker_finds_nothing(checkers, shelf, tmp_path):
    jar = checkers / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", "-jar", str(jar), "--stdout", "--format", "json", "--exit-zero-always"]
    found = told_by([*command, str(shelf.folder)], checkers, tmp_path)["messages"]
    told = ((one["url"], f"{one['message']} {one.get('extract', '')}") for one in found)
    assert by_page(told) == {}


def test_html_validate_finds_nothing(checkers, shelf, tmp_path):
    """Its rules of style are off: what the letters of attributes look like, and that a list is sent by several fields
    of one name."""
    command = ["node_modules/.bin/html-validate", "--formatter", "json", "--config"]
    found = told_by(
        [*command, str(HERE / "htmlvalidate.json"), str(shelf.folder)], checkers, tmp_path
    )
    told = (
        (one["filePath"], f"{said['ruleId']}: {said['message']} {said.get('selector')}")
        for one in found
        for said in one["messages"]
    )
    assert by_page(told) == {}


def test_pa11y_finds_nothing(checkers, shelf, tmp_path):
    asked = {"chromium": chromium_path(), "pages": shelf.at}
    found = told_by(["node", str(HERE / "pa11y.cjs")], checkers, tmp_path, asked)
    assert set(found) == set(shelf.at) and len(found) > 90
    assert {name: said for name, said in found.items() if said} == {}


def test_lighthouse_is_content(checkers, shelf, tmp_path):
    asked = {"chromium": chromium_path(), "pages": {name: shelf.at[name] for name in WEIGHED}}
    found = told_by(["node", str(HERE / "lighthouse.cjs")], checkers, tmp_path, asked)
    (shelf.folder / "lighthouse.json").write_text(json.dumps(found, ensure_ascii=False, indent=1))
    assert set(found) == set(WEIGHED)
    poor = {}
    for name, on in found.items():
        wanted = CATEGORIES - ({"seo"} if name in INSIDE else set())
        for preset, seen in on.items():
            asked_for = shelf.at[name]["address"].partition("?")[0]
            assert seen["address"].partition("?")[0] == asked_for, "the page itself, and no login"
            if any(seen["scores"][one] < LEAST for one in wanted):
                poor[f"{name}, {preset}"] = (seen["scores"], seen["failed"])
    assert poor == {}


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def by_page(told: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What is said, with the files of which it is said."""
    found: dict[str, list[str]] = {}
    for page, said in told:
        found.setdefault(said, []).append(Path(page).name)
    return found
