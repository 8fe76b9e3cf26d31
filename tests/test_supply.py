"""What the product is made of: the list of licences, and the bill of materials."""

import json
from collections.abc import Iterator

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.examples import ROOT
from tests.supply import LISTS, VENDORED, bill, licence_of, licences, packages, vendored
from tests.test_arrows import committed

OTHERS = (".ttf", ".otf", ".woff2", ".min.js")
"""Endings of files that others have made."""


def locked() -> Iterator[tuple[str, str]]:
    for file in LISTS:
        for line in (ROOT / file).read_text(encoding="utf-8").split():
            name, _, version = line.partition("==")
            yield name, version


def test_the_list_of_licences_is_that_of_the_locked_packages() -> None:
    written = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    assert written == licences(), "run make sbom"


def test_every_locked_package_stands_in_the_list_with_a_licence() -> None:
    known = {(one.name, one.version): one.licence for one in packages()}
    assert known.keys() == set(locked())
    assert all(known.values())


def test_every_file_of_others_stands_in_the_list() -> None:
    found = {
        path.relative_to(ROOT).as_posix() for path in committed() if path.name.endswith(OTHERS)
    }
    assert found == {place for place, *_ in VENDORED}
    assert all(f"`{one.place}`" in licences() for one in vendored())


def test_a_package_for_several_things_is_named_for_the_first() -> None:
    used = {one.name: one.used for one in packages()}
    assert (used["flask"], used["psycopg"], used["uv"], used["pytest"]) == (
        "runs", "runs on PostgreSQL", "sets up", "tests",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("flask", "BSD-3-Clause"), ("psycopg", "LGPL-3.0-only"), ("blinker", "MIT"), ("jinja2", "BSD-3-Clause"),
        ("python-stdnum", "LGPL-2.1-or-later"), ("waitress", "ZPL-2.1"),
    ],
)  # fmt: skip
def test_a_licence_is_told_by_expression_word_or_class(name: str, licence: str) -> None:
    assert licence_of(name) == licence


def test_the_bill_names_every_locked_package_with_its_version() -> None:
    text = JsonV1Dot6(bill()).output_as_string()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    said = json.loads(text)
    parts = {one["name"]: one for one in said["components"]}
    wanted = {one.name: one for one in packages() if one.used.startswith("runs")}
    assert parts.keys() == wanted.keys() | {place for place, *_, used in VENDORED if used == "runs"}
    assert parts["flask"]["purl"] == f"pkg:pypi/flask@{wanted['flask'].version}"
    assert parts["psycopg"]["scope"] == "optional" and parts["flask"]["scope"] == "required"
    needs = {one["ref"]: one.get("dependsOn", []) for one in said["dependencies"]}
    flask, jinja = (f"{name}=={wanted[name].version}" for name in ("flask", "jinja2"))
    assert flask in needs["gongkai"] and jinja in needs[flask]
    assert json.loads(JsonV1Dot6(bill()).output_as_string())["serialNumber"] == said["serialNumber"]
