"""What the code asks the tables for by name is declared, and what is shown to people has an effect."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import config.law
from config.law import load_law, required
from config.settings import KNOWN

ROOT = Path(config.law.__file__).parents[2]
ROOMS = ("workflow", "webui", "notifications")
LAW = load_law()


def trees() -> Iterator[ast.Module]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield ast.parse(path.read_text(encoding="utf-8"))


def constants() -> set[str]:
    """Every text in the code, and every word in a template."""
    found = {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for path in (ROOT / "webui/templates").rglob("*.html"):
        found |= set(re.findall(r"[\"']([a-z0-9_]+)[\"']", path.read_text(encoding="utf-8")))
    return found


SAID = constants()


def test_names_that_the_code_says_are_declared() -> None:
    """A period, state, outcome, setting or check that the code names cannot leave its table in silence."""
    for there, declared in (
        (LAW.periods, required.PERIODS),
        (LAW.states, required.STATES),
        (LAW.outcomes, required.OUTCOMES),
        (LAW.settings, required.SETTINGS),
        (LAW.checks, required.CHECKS),
        (LAW.fees, required.LADDERS),
        (LAW.permissions.actions, required.ACTIONS),
        (LAW.words.roles, required.WORDS["roles"]),
    ):
        assert set(there) & SAID <= set(declared)


def asked(method: str) -> set[str]:
    """The names with which a method is called: `rules.period("reply", day)`."""
    return {
        node.args[0].value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_periods_asked_for_are_declared() -> None:
    names = asked("period")
    assert "reply" in names
    assert names <= set(required.PERIODS)


FOOTER = {"footer_sponsor", "footer_phone", "footer_icp", "footer_police"}
OWN_FOOTER = {"footer_contact", "footer_code", "footer_access", "footer_faults"}
"""Of a body alone: the installation has none."""
ROBOTS = {"wecom_url", "dingtalk_url", "dingtalk_secret", "feishu_url", "feishu_secret"}
SITE = {"site_sponsor", "site_phone", "site_icp", "site_police"}


def test_every_setting_of_the_law_is_read_by_its_name() -> None:
    """A setting that nobody reads has no effect, and must not be shown to people."""
    assert set(LAW.settings) - SAID - FOOTER - OWN_FOOTER == set()


def test_every_setting_of_the_program_is_read_by_its_name() -> None:
    own = {
        name for name in KNOWN if name not in ("data_dir", "database_url")
    }  # properties of Settings
    assert own - SAID - SITE - ROBOTS == set()


def test_robots_read_theirs_by_their_own_name() -> None:
    source = (ROOT / "notifications/channels/robots.py").read_text(encoding="utf-8")
    assert 'f"{self.name}_url"' in source and 'f"{self.name}_secret"' in source
    assert all(f'name = "{name.partition("_")[0]}"' in source for name in ROBOTS)


def test_the_footer_reads_its_texts_by_their_common_endings() -> None:
    source = (ROOT / "webui/site.py").read_text(encoding="utf-8")
    for prefix, names in (("footer_", FOOTER | OWN_FOOTER), ("site_", SITE)):
        assert f'f"{prefix}{{name}}"' in source
        assert all(f'"{name.removeprefix(prefix)}"' in source for name in names)
