"""The shell's door for the operator to people: members of staff, their roles, and tokens of the API."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from config.law import load_law
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, show
from workflow.people import (
    SCOPES,
    STAFF_ROLES,
    TOKEN_DAYS,
    Token,
    one_time_password,
)
from workflow.refusal import BadInput, Refused
from workflow.rules.passwords import weak_password
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.staff import Colleague, StaffRoom
from workflow.service.staff_entry import StaffEntry


class RoleWord(click.Choice[str]):
    """A role of staff by its word. A word of before is taken as well, and said to be one."""

    def __init__(self) -> None:
        super().__init__(STAFF_ROLES)

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> str:
        words = load_law().words
        now = words.role_now(str(value))
        if now != value:
            click.echo(
                f"{value} 是旧名称，现在叫 {now}（{words.roles[now]}），已按新名称办理", err=True
            )
        return super().convert(now, param, context)


ROLE = RoleWord()


@click.group()
def user() -> None:
    """Members of staff."""


@user.command("create")
@click.option("--name", required=True, help="user name")
@click.option("--display-name", default="", help="name on the pages")
@click.option("--agency", required=True, help="code of the body")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=ROLE,
    help="a role in that body; may be repeated",
)
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@as_json
def user_create(
    name: str,
    display_name: str,
    agency: str,
    roles: tuple[str, ...],
    password_stdin: bool,
    as_json: bool,
) -> None:
    """A new member of staff, or further roles for one who is known."""
    office = office_in_force()
    known = office.staff(name) is not None
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password is not None:
        weak = weak_password(password, name, _about(office, display_name, agency))
        if weak:
            fail(f"密码：{weak}", 1)
    once = one_time_password() if password is None and not known else None
    try:
        Accounts(office).create(
            name, agency, roles, display_name=display_name, password=password or once,
            must_change=once is not None,
        )  # fmt: skip
    except (Missing, BadInput) as error:
        fail(str(error), 1)
    if as_json:
        show({"user": name, "agency": agency, "roles": list(roles), "password": once})
    else:
        click.echo(
            f"已登记 {name}（{agency}：{'、'.join(load_law().words.roles[r] for r in roles)}）"
        )
        if once:
            click.echo(f"一次性密码：{once}（只显示这一次，首次登录后须修改）")


def _about(office: Office, display_name: str, agency: str) -> list[str]:
    """What others know of the person besides the user name."""
    body = office.listing().by_code.get(agency)
    return [display_name, agency, *([body.name] if body else [])]


def _staff() -> StaffRoom:
    office = office_in_force()
    return StaffRoom(office, Accounts(office))


def _entry() -> StaffEntry:
    staff = _staff()
    return StaffEntry(staff.office, staff)


def _done(work: Callable[[], Any]) -> Any:
    """Run; what cannot be is one line on the error stream and exit code 1."""
    try:
        return work()
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors), 1)
    except Refused as error:
        fail(f"{error.refusal.message}。{error.refusal.allowed_when}", 1)


the_user = click.option("--name", required=True, help="user name")
the_body = click.option("--agency", required=True, help="code of the body")
the_role = click.option("--role", required=True, type=ROLE, help="a role in that body")


@user.command("list")
@click.option("--agency", help="only those who work in this body")
@as_json
def user_list(agency: str | None, as_json: bool) -> None:
    """Everybody with their roles, whether the account is in use and guessed at, and the last login."""
    found = _done(lambda: _staff().listed(None, agency))
    if as_json:
        show({"users": [_colleague(one) for one in found]})
        return
    words = load_law().words.roles
    for one in found:
        state = "停用" if not one.active else "有人连续输错密码" if one.slowed else "在用"
        held = "；".join(
            f"{code}：{'、'.join(words[role] for role in roles)}"
            for code, roles in one.roles.items()
        )
        click.echo(f"{one.name}  {one.display_name}  {state}  {held}")


def _colleague(one: Colleague) -> dict[str, Any]:
    return {
        "name": one.name,
        "display_name": one.display_name,
        "active": one.active,
        "locked": one.slowed > 0,
        "must_change_password": one.must_change_password,
        "last_login_at": one.last_login_at and one.last_login_at.isoformat(),
        "roles": {code: list(roles) for code, roles in one.roles.items()},
    }


@user.command("disable")
@the_user
def user_disable(name: str) -> None:
    """Let somebody in no more: sessions, tokens and stand-ins end at once; nothing is deleted."""
    staff = _staff()
    changed = _done(lambda: staff.disable(None, name))
    click.echo(f"{name} 已停用，令牌已作废" if changed else f"{name} 本来就是停用的")
    left = _done(lambda: staff.assigned(None, name))
    if left:
        numbers = "、".join(f"{one.agency} {one.number}" for one in left)
        click.echo(f"还有 {len(left)} 件在办申请交由他办理，请另行交办：{numbers}", err=True)


@user.command("enable")
@the_user
def user_enable(name: str) -> None:
    """Let somebody in again, with the roles and the password of before."""
    changed = _done(lambda: _staff().enable(None, name))
    click.echo(f"{name} 已启用" if changed else f"{name} 本来就在用")


@user.command("unlock")
@the_user
def user_unlock(name: str) -> None:
    """Let all who have to wait after wrong passwords for this account try again at once."""
    changed = _done(lambda: _staff().unlock(None, name))
    click.echo(f"{name} 已解锁" if changed else f"{name} 没有被锁定")


@user.command("reset-password")
@the_user
@as_json
def user_reset_password(name: str, as_json: bool) -> None:
    """Another one-time password, printed once; it must be changed at the next login."""
    password = _done(lambda: _staff().reset_password(None, name))
    if as_json:
        show({"user": name, "password": password})
    else:
        click.echo(f"一次性密码：{password}（只显示这一次，下次登录后须修改）")


@user.command("reset-factor")
@the_user
def user_reset_factor(name: str) -> None:
    """Take from somebody the second factors that were lost; sessions end at once."""
    changed = _done(lambda: _entry().reset_factors(None, name))
    click.echo(f"{name} 的两步验证{'已重设，请本人重新设置' if changed else '本来就没有设置'}")


@user.command("link")
@the_user
@click.option("--account", help="name of the account at the provider (default: the user name)")
@click.option("--none", "unlink", is_flag=True, help="no account any more")
def user_link(name: str, account: str | None, unlink: bool) -> None:
    """Let somebody log in with an account of the office's directory (settings oidc_…)."""
    account = "" if unlink else account or name
    _done(lambda: _entry().link(None, name, account))
    click.echo(f"{name} 已关联统一身份认证账号 {account}" if account else f"{name} 不再关联")


@user.command("grant")
@the_user
@the_body
@the_role
def user_grant(name: str, agency: str, role: str) -> None:
    """Give somebody a role in a body."""
    changed = _done(lambda: _staff().grant(None, name, agency, role))
    label = load_law().words.roles[role]
    click.echo(f"{name} 在 {agency} {'已' if changed else '本来就'}是{label}")


@user.command("revoke")
@the_user
@the_body
@the_role
def user_revoke(name: str, agency: str, role: str) -> None:
    """Take a role from somebody."""
    changed = _done(lambda: _staff().revoke(None, name, agency, role))
    label = load_law().words.roles[role]
    click.echo(f"{name} 在 {agency} {'不再' if changed else '本来就不'}是{label}")


@click.group()
def token() -> None:
    """Bearer tokens of the API."""


@token.command("create")
@click.option("--user", "user_name", required=True, help="user name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="what it is good for; several times for several (default: all)",
)
@click.option(
    "--days",
    type=click.IntRange(1, TOKEN_DAYS),
    default=TOKEN_DAYS,
    show_default=True,
    help="days until it ends",
)
@click.option("--name", default="", help="the program that will call with it")
def token_create(user_name: str, scopes: tuple[str, ...], days: int, name: str) -> None:
    """A token for the person; printed alone, once."""
    accounts = Accounts(office_in_force())
    click.echo(_done(lambda: accounts.create_token(user_name, scopes or SCOPES, days, name)))


@token.command("list")
@click.option("--user", "user_name", help="only the tokens of this user")
@as_json
def token_list(user_name: str | None, as_json: bool) -> None:
    """All tokens with scopes, dates and the last use; never the tokens themselves."""
    office = office_in_force()
    found = Accounts(office).tokens(user_name)
    if as_json:
        show([_token(one, office.now()) for one in found])
        return
    for one in found:
        state = "有效" if one.good_at(office.now()) else "已失效"
        used = f"{one.last_used_at:%Y-%m-%d}" if one.last_used_at else "没有用过"
        told = (
            one.name,
            "、".join(one.scopes),
            f"至 {one.expires_at:%Y-%m-%d}",
            f"最近使用 {used}",
        )
        click.echo("  ".join(filter(None, (str(one.id), one.user, *told, state))))


def _token(one: Token, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": one.id, "user": one.user, "name": one.name, "scopes": list(one.scopes),
        "last_used_from": one.last_used_from, "ended_by": one.ended_by, "state": one.state_at(now),
    }  # fmt: skip
    for name in ("created_at", "expires_at", "revoked_at", "last_used_at"):
        moment = getattr(one, name)
        found[name] = moment.isoformat() if moment else None
    return {**found, "good": one.good_at(now)}


@token.command("revoke")
@click.argument("number", type=int)
def token_revoke(number: int) -> None:
    """End a token at once; NUMBER is the one that `token list` shows."""
    try:
        ended = Accounts(office_in_force()).revoke_token(number)
    except Missing as error:
        fail(str(error), 1)
    click.echo(f"令牌 {ended.id}（{ended.user}）已作废")


commands: list[click.Command] = [user, token]
