"""Which parts the product is made of, and under which licences, from the lists of what is locked.

    python -m tests.supply --licences docs/licences.md    the list for people
    python -m tests.supply --bill build/sbom.json         a bill of materials (CycloneDX 1.6)

A test holds docs/licences.md to the lists (`tests/test_supply.py`).
"""

import argparse
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from license_expression import ExpressionError, get_spdx_licensing
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.examples import ROOT

LISTS = {
    "requirements.txt": "runs",
    "requirements-postgres.txt": "runs on PostgreSQL",
    "requirements-setup.txt": "sets up",
    "requirements-offline.txt": "sets up without internet",
    "requirements-test.txt": "tests",
}
"""The lists of locked packages, and what each package of it is for; what stands in several is for the first."""
NAMED = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Zope Public License": "ZPL-2.1",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
"""Licences by their classifier, where it names one alone."""
READ = {
    "flask-wtf": "BSD-3-Clause", "grimp": "BSD-2-Clause", "import-linter": "BSD-2-Clause", "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause", "pyasn1-modules": "BSD-2-Clause", "segno": "BSD-3-Clause", "webencodings": "BSD-3-Clause",
    "wtforms": "BSD-3-Clause",
}  # fmt: skip
"""Those whose package only says that it is one of BSD: read in their licence file."""
VENDORED = (
    ("config/fonts/NotoSerifSC-Regular.ttf", "Noto Serif SC", "2.003", "OFL-1.1", "runs"),
    ("config/fonts/NotoSerifSC-Bold.ttf", "Noto Serif SC Bold", "2.003", "OFL-1.1", "runs"),
    ("config/fonts/NotoSansSC-Regular.ttf", "Noto Sans SC", "2.004", "OFL-1.1", "runs"),
    ("config/fonts/NotoSansHK-Rare.ttf", "Noto Sans HK, a part", "2.004", "OFL-1.1", "runs"),
    ("config/fonts/NotoSansJP-Rare.ttf", "Noto Sans JP, a part", "2.004", "OFL-1.1", "runs"),
    ("tests/browser/axe/axe.min.js", "axe-core", "4.14.1", "MPL-2.0", "tests"),
)
"""Files of others that lie in the tree: path, name, version, licence, what for."""
HEAD = """<!-- Made from the lists of packages by `make sbom`. -->

# What others have made

Every package that is locked, and every file of others in the tree, with its licence (SPDX). Packages are used as they
are; LGPL and MPL ask no more of who uses them so than to say it and to let them be exchanged.

| part | version | licence | what for |
|---|---|---|---|
"""


@dataclass(frozen=True, order=True)
class Part:
    """A locked package, or a file of others. place: of a file."""

    name: str
    version: str
    licence: str
    used: str
    place: str = ""


@cache
def packages() -> tuple[Part, ...]:
    """Every locked package with its licence, by name. Raises LookupError for one that says none."""
    found: dict[str, Part] = {}
    for file, used in LISTS.items():
        for line in (ROOT / file).read_text(encoding="utf-8").split():
            name, _, version = line.partition("==")
            if name not in found:
                found[name] = Part(name, version, licence_of(name), used)
    return tuple(sorted(found.values()))


def vendored() -> Iterator[Part]:
    """Every file of others."""
    for place, name, version, licence, used in VENDORED:
        yield Part(name, version, licence, used, place)


def licence_of(name: str) -> str:
    """The licence of an installed package as SPDX names it. Raises LookupError where it cannot be told."""
    said = distribution(name).metadata
    for one in (said.get("License-Expression"), said.get("License")):
        if one and len(one) < 100 and _known(one):
            return one
    classified = {one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or [] if one.startswith("License :: ")}  # fmt: skip
    named = {NAMED[one] for one in classified if one in NAMED}
    if len(named) == 1:
        return named.pop()
    return READ[name]


_spdx = cache(get_spdx_licensing)


def _known(expression: str) -> bool:
    try:
        _spdx().parse(expression, validate=True, strict=True)
    except ExpressionError:
        return False
    return True


def licences() -> str:
    """The list for people."""
    rows = [f"| {one.name} | {one.version} | {one.licence} | {one.used} |" for one in packages()]
    files = [
        f"| {one.name} (`{one.place}`) | {one.version} | {one.licence} | {one.used} |"
        for one in vendored()
    ]
    return HEAD + "\n".join(rows + files) + "\n"


def bill(version: str | None = None, when: datetime | None = None) -> Bom:
    """What the product needs to run: packages and who needs which, and the files of others. version: of the product,
    else that which is installed; when: the moment that the bill names as its own, else now."""
    told = version or distribution("gongkai").version
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, licences() + (version or "")))
    if when is not None:
        bom.metadata.timestamp = when
    product = Component(name="gongkai", version=told, type=ComponentType.APPLICATION, bom_ref="gongkai")  # fmt: skip
    bom.metadata.component = product
    known = {one.name: _component(one) for one in packages() if one.used.startswith("runs")}
    for component in known.values():
        bom.components.add(component)
    for one in vendored():
        if one.used == "runs":
            bom.components.add(_file(one))
    for name, component in known.items():
        bom.register_dependency(
            component, [known[needed] for needed in _needed(name) if needed in known]
        )
    own = {needed for needed in _needed("gongkai") if needed in known}
    bom.register_dependency(product, [known[needed] for needed in sorted(own)])
    return bom


def written_bill(version: str | None = None, when: datetime | None = None) -> str:
    """The bill as a file: the same text for the same lists, version and moment."""
    return str(JsonV1Dot6(bill(version, when)).output_as_string(indent=1)) + "\n"


def _component(one: Part) -> Component:
    optional = one.used != "runs"
    return Component(
        name=one.name, version=one.version, type=ComponentType.LIBRARY, bom_ref=f"{one.name}=={one.version}",
        purl=PackageURL("pypi", None, one.name, one.version), licenses=[LicenseExpression(one.licence)],
        scope=ComponentScope.OPTIONAL if optional else ComponentScope.REQUIRED,
    )  # fmt: skip


def _file(one: Part) -> Component:
    digest = hashlib.sha256((ROOT / one.place).read_bytes()).hexdigest()
    return Component(
        name=one.place, version=one.version, description=one.name, type=ComponentType.FILE, bom_ref=one.place,
        licenses=[LicenseExpression(one.licence)], hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )  # fmt: skip


def _needed(name: str) -> Iterator[str]:
    try:
        requires = distribution(name).requires or []
    except PackageNotFoundError:
        return
    for line in requires:
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield canonicalize_name(needed.name)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.supply", description=__doc__)
    parser.add_argument("--licences", type=Path, help="file for the list of licences")
    parser.add_argument("--bill", type=Path, help="file for the bill of materials")
    given = parser.parse_args()
    if given.licences:
        given.licences.write_text(licences(), encoding="utf-8")
    if given.bill:
        given.bill.parent.mkdir(parents=True, exist_ok=True)
        given.bill.write_text(written_bill(), encoding="utf-8")


if __name__ == "__main__":
    main()
