"""The table of permissions: what it says of commands, events and roles, and what it does not let pass."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from config.law import Law, LawTableError, load_law
from config.law.load import FOLDER
from gongkai import main
from tests.workflow.case.walk import PEOPLE, TODAY, Walk
from workflow.people import STAFF_ROLES
from workflow.refusal import Denied
from workflow.rules.permissions import (
    OPERATOR,
    OWN_CASE,
    ask,
    bodies_for,
    heads_for,
    refusal_by_route,
    role_for,
)

ROOT = Path(__file__).parents[3]
TABLE = load_law().permissions
NAMED_IN_CODE = {
    # The people of the demonstration store: who they are is data, which stands in the module.
    "workflow/service/docket/sample.py": set(STAFF_ROLES),
    # The same of the invented province.
    "workflow/docket/province/words.py": set(STAFF_ROLES),
    # The roles as they were renamed then.
    "workflow/store/migrations/versions/0049_three_administrators.py": set(STAFF_ROLES),
    # The names of two manuals.
    "webui/desk/manual.py": {"clerk", "leader"},
    # A column of a ledger (承办人), no role.
    "workflow/docket/ledger/row.py": {"handler"},
    "workflow/docket/ledger/written.py": {"handler"},
}


def test_no_code_names_a_role() -> None:
    """Rights stand in the tables; a role that is named in code is a right that no auditor finds."""
    found = []
    files = [
        path
        for room in ("workflow", "webui", "notifications")
        for path in (ROOT / room).rglob("*.py")
    ]
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            role = node.value if isinstance(node, ast.Constant) else None
            if role in STAFF_ROLES and role not in NAMED_IN_CODE.get(name, ()):
                found.append(f"{name}:{node.lineno}: {role}")
    roles = "|".join(STAFF_ROLES)
    named = re.compile(rf"""["'](?:{roles})["']|words\.roles\.(?:{roles})\b""")
    for path in (ROOT / "webui/templates").rglob("*.html"):
        said = named.findall(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT).as_posix()}: {one}" for one in said]
    assert len(files) > 150 and not found, "\n".join(found)


def test_a_role_is_a_row_of_the_words(law: Law) -> None:
    assert tuple(law.permissions.groups["staff"]) == STAFF_ROLES
    assert set(STAFF_ROLES) | {"applicant", "system"} == set(law.words.roles)


# -- commands ---------------------------------------------------------------------------------------


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield " ".join(path)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, (*path, name))


def test_every_command_has_a_row_for_the_operator_and_every_row_its_command() -> None:
    there = set(_commands(main))
    for command in there:
        rows = TABLE.commanded_by(command)
        assert rows and all(OPERATOR & set(row.may) for row in rows), command
    named = {command for action in TABLE.actions.values() for command in action.commands}
    assert named == there


# -- events -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in load_law().transitions if name != "submit"])
def test_every_event_in_every_state_is_for_its_roles_alone(law: Law, name: str) -> None:
    row = law.transitions[name]
    for state in row.sources:
        for role, actor in PEOPLE.items():
            case = Walk().case
            case.state = state
            refusal = case.machine.refusal(case, name, None, actor, TODAY)
            denied = refusal is not None and refusal.rule == "not_your_role"
            assert denied is (role not in row.by), (name, state, role)
            assert (case.machine.denied(name, actor) is not None) is denied


def test_who_registers_is_who_may_submit_and_receive(law: Law) -> None:
    registering = set(law.permissions.actions["register_case"].may)
    for event in ("submit", "receive"):
        assert registering == set(law.transitions[event].by) & set(STAFF_ROLES)


# -- asking -----------------------------------------------------------------------------------------


class Person:
    """Somebody with roles in bodies."""

    def __init__(self, filled: dict[str, set[str]] | None = None, **roles: set[str]) -> None:
        self.roles = {code: frozenset(held) for code, held in roles.items()}
        self.filled = {code: frozenset(held) for code, held in (filled or {}).items()}


def test_what_no_row_allows_is_denied(law: Law) -> None:
    for action in law.permissions.actions:
        assert role_for(law, action, ()) is None
        assert role_for(law, action, {"nobody_knows"}) is None
    with pytest.raises(KeyError):
        role_for(law, "no_such_action", STAFF_ROLES)
    everybody = Person(panlong=set(STAFF_ROLES))
    refusal = refusal_by_route(law, "desk.no_such_page", "GET", everybody)
    assert refusal is not None and "权限表里没有" in refusal.message


def test_a_right_in_one_body_is_none_in_another(law: Law) -> None:
    both = Person(panlong={"leader"}, jiangna={"clerk"})
    assert bodies_for(law, "register_case", both) == ("jiangna",)
    assert bodies_for(law, "read_cases", both) == ("panlong", "jiangna")
    assert heads_for(law, "read_reports", both) == ("panlong", "jiangna")
    assert heads_for(law, "read_cases", both) == ()


def test_an_own_case_opens_what_the_role_alone_does_not(law: Law) -> None:
    assert role_for(law, "read_identity_papers", {"handler"}) is None
    assert role_for(law, "read_identity_papers", {"handler"}, own_case=True) == "handler"
    assert role_for(law, "read_identity_papers", {"leader"}, own_case=True) is None
    assert role_for(law, "read_identity_papers", {"handler", "clerk"}) == "clerk"


def test_who_does_the_work_of_another_does_it_where_nobody_holds_that_role(law: Law) -> None:
    held, filled = {"system_admin"}, {"panlong": {"security_admin"}}
    assert role_for(law, "grant_rights", held) == "system_admin"
    assert role_for(law, "grant_rights", held, filled={"audit_admin"}) == "system_admin"
    assert role_for(law, "grant_rights", held, filled={"security_admin"}) is None
    assert role_for(law, "grant_rights", {"security_admin"}, filled={"security_admin"})
    both = Person(filled, panlong=held, jiangna=held)
    assert bodies_for(law, "grant_rights", both) == ("jiangna",)
    assert heads_for(law, "grant_rights", both) == ("jiangna",)
    assert bodies_for(law, "manage_staff", both) == ("panlong", "jiangna")
    assert refusal_by_route(law, "desk.set_roles", "POST", both) is None
    here = Person(filled, panlong=held)
    refusal = refusal_by_route(law, "desk.set_roles", "POST", here)
    assert refusal is not None and "系统管理员（未设安全管理员的机关）" in refusal.message
    assert refusal_by_route(law, "desk.staff_list", "GET", here) is None


def test_a_refusal_names_the_rule_and_who_may(law: Law) -> None:
    with pytest.raises(Denied) as caught:
        ask(law, "read_identity_papers", {"archivist"})
    said = caught.value.refusal
    assert (said.rule, said.article) == ("not_your_role", "个人信息保护法34")
    assert said.message == (
        "您没有“查看身份证明和授权委托书”的权限，须由经办人、公开工作机构负责人、"
        "承办科室（限本人承办的申请）办理"
    )


# -- slips ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('may = { clerk = "own_body" }', 'may = { clrek = "own_body" }', "clrek"),
        ('may = { clerk = "own_body" }', 'may = { clerk = "own_town" }', "own_town"),
        ('may = { clerk = "own_body" }', "may = {}", "register_case"),
        ('may = { clerk = "own_body" }', 'amy = { clerk = "own_body" }', "amy"),
        ('may = { clerk = "own_body" }', 'may = { clerk = "anywhere" }', "anywhere"),
        ('name = "register_case"', 'name = "read_cases"', "read_cases stands twice"),
        ('by_row = "transitions.toml"', 'by_row = "outcomes.toml"', "transitions.toml"),
        ('carries = ["desk.register", "desk.registered", "desk.register_hints", "desk.read_mail", "desk.drop_draft", "api.post_case"]', "", "register_case"),
        ('label = "登记线下申请"', 'label = ""', "register_case"),
        ('until = { system_admin = "audit_admin" }', 'until = { system_admin = "leader" }', "leader"),
        ('until = { system_admin = "audit_admin" }', 'until = { leader = "audit_admin" }', "leader"),
        ('until = { system_admin = "audit_admin" }',
         'until = { system_admin = "audit_admin", audit_admin = "system_admin" }', "nobody would ever"),
        ('until = { system_admin = "audit_admin" }', 'until = { system_admin = "system_admin" }', "nobody would ever"),
        ('administering = ["system_admin"', 'administering = ["system_admin", "clerk"', "either administers"),
        ('[groups]', '[gruops]', "groups"),
    ],
)  # fmt: skip
def test_a_slip_stops_the_start_and_names_the_row(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    shutil.copytree(FOLDER, tmp_path / "law")
    path = tmp_path / "law" / "permissions.toml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(LawTableError) as caught:
        load_law(tmp_path / "law")
    assert "permissions.toml" in str(caught.value) and told in str(caught.value)


def test_only_a_handler_is_bound_to_their_own_case(law: Law) -> None:
    """Who reads a case reads all of the body's; what is bound to the own case is named here."""
    bound = {
        (name, role)
        for name, action in law.permissions.actions.items()
        for role, where in action.may.items()
        if where == OWN_CASE
    }
    assert bound == {("read_identity_papers", "handler")}
