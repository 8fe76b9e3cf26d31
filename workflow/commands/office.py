"""The shell's door for the operator: bodies, settings, and the store itself."""

import sys
from datetime import datetime
from typing import Any

import click

from config.errors import in_chinese
from config.law import load_law
from config.settings import HIDDEN, KNOWN, load
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, show
from workflow.refusal import BadInput, Denied, Refused
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.cases.verify import Broken
from workflow.service.cases.verify import verify as verify_store
from workflow.service.heads import Head, broken_since, mark_of, read_head, take_head
from workflow.service.installation import (
    ANY,
    READY,
    TO_MIGRATE,
    closed_where_it_fails,
    is_half_migrated,
    is_there,
    is_up_to_date,
    migrate_office,
    new_office,
    open_office,
    unsealed_chains,
)
from workflow.service.packages import broken_in
from workflow.service.rules.bodies import Bodies
from workflow.service.rules.settings import BodySettings
from workflow.service.upkeep.verifying import last_line, note_verified
from workflow.service.watch import Watch


@click.command()
@click.option("--agency", required=True, help="code of the first body")
@click.option("--name", required=True, help="its name")
@click.option(
    "--level",
    required=True,
    type=click.Choice(list(load_law().words.levels)),
    help="its place in the tree",
)
@click.option("--region", help="region for local holidays, such as 云南省文山州")
@click.option("--admin", default="admin", show_default=True, help="user name of the administrator")
@click.option("--if-new", is_flag=True, help="do nothing when the store has a body already")
@as_json
def init(
    agency: str, name: str, level: str, region: str | None, admin: str, if_new: bool, as_json: bool
) -> None:
    """Migrate, create the first body and its administrator, print the one-time password once."""
    settings = load()
    was_there = is_there(settings)
    office = new_office(settings, wanted=ANY)
    if if_new and office.agencies():
        return
    if was_there and not office.agencies():
        click.echo("上次建库时中断了，现在接着建", err=True)
    try:
        made = Accounts(office).initialise(
            code=agency, name=name, level=level, admin=admin, region=region
        )
    except BadInput as error:
        fail(str(error), 1)
    if as_json:
        show(made)
        return
    click.echo(f"已建立 {made['name']}（{made['agency']}）。")
    click.echo(f"系统管理员：{made['admin']}（只管账号和设置，不办理申请）")
    click.echo(f"一次性密码：{made['password']}（只显示这一次，首次登录后须修改）")
    click.echo("申请要办得完，还须新建下面的人，起草的人不能自己作保密审查，也不能自己签发：")
    for role in dict.fromkeys(role for roles in made["missing"].values() for role in roles):
        click.echo(f"  {load_law().words.roles[role]}：{load_law().words.duties[role]}")
    click.echo("登录后在“人员和机关”新建，或者用 gongkai user create。")
    words = load_law().words.roles
    click.echo(f"还没有{'、'.join(words[role] for role in made['unfilled'])}，暂由系统管理员办理；")
    click.echo("等级保护三级的，须各设一人：三种管理员不能由同一个人担任。")


DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def agency() -> None:
    """Bodies: who is below whom."""


@agency.command("add")
@click.option("--code", required=True, help="short name in addresses: letters, digits, - and _")
@click.option("--name", required=True, help="its name")
@click.option(
    "--level",
    required=True,
    type=click.Choice(list(load_law().words.levels)),
    help="its place in the tree",
)
@click.option("--parent", help="code of the body that supervises it")
@click.option("--region", help="region for local holidays (default: that of the parent)")
@click.option("--no-requests", is_flag=True, help="not offered to applicants: it only reports")
@click.option("--since", type=DAY, help="its first day, YYYY-MM-DD")
def agency_add(
    code: str,
    name: str,
    level: str,
    parent: str | None,
    region: str | None,
    no_requests: bool,
    since: datetime | None,
) -> None:
    """A further body. Its staff come with `gongkai user create --agency CODE`."""
    try:
        Bodies(office_in_force()).add(
            code, name, level, parent=parent, region=region, takes_requests=not no_requests,
            since=since.date() if since else None,
        )  # fmt: skip
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors), 1)
    click.echo(f"已建立 {name}（{code}）")


@agency.command("move")
@click.argument("code")
@click.option("--parent", help="code of the body that supervises it from now on; left out: none")
def agency_move(code: str, parent: str | None) -> None:
    """Put a body below another one; open deadlines are computed again."""
    try:
        moved = Bodies(office_in_force()).move(code, parent)
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors), 1)
    click.echo(f"已变更 {code} 的上级机关；{moved} 件申请的期限随之变动")


@agency.command("rename")
@click.argument("code")
@click.option("--name", required=True, help="the new name")
@click.option("--until", required=True, type=DAY, help="last day of the old name, YYYY-MM-DD")
def agency_rename(code: str, name: str, until: datetime) -> None:
    """Give a body another name; papers of before keep the old one."""
    try:
        Bodies(office_in_force()).rename(code, name, until.date())
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors), 1)
    click.echo(f"{code} 已更名为 {name}")


@agency.command("end")
@click.argument("code")
@click.option("--successor", required=True, help="code of the body that goes on with its duties")
@click.option("--on", "last_day", type=DAY, help="its last day, YYYY-MM-DD")
@click.option("--duties-only", is_flag=True, help="the body goes on, without these duties")
def agency_end(code: str, successor: str, last_day: datetime | None, duties_only: bool) -> None:
    """End a body that was merged or dissolved, or note that its duties moved."""
    day = last_day.date() if last_day else None
    try:
        waiting = Bodies(office_in_force()).end(code, successor, day, duties_only=duties_only)
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors), 1)
    click.echo(f"已登记 {code} 由 {successor} 承继；{waiting} 件未办结的申请须逐件移交")


@agency.command("list")
@as_json
def agency_list(as_json: bool) -> None:
    """All bodies, each below the one that supervises it."""
    found = Bodies(office_in_force()).listed()
    if as_json:
        show([{"code": b.code, "name": b.name, "level": b.level, "parent": b.parent,
               "takes_requests": b.takes_requests, "since": b.since and b.since.isoformat(),
               "until": b.until and b.until.isoformat(), "successor": b.successor,
               "former_names": list(b.former_names)} for b, _ in found])  # fmt: skip
        return
    for body, depth in found:
        level = load_law().words.levels[body.level]
        ended = f"，至 {body.until}" if body.until else ""
        after = f"{ended}，由 {body.successor} 承继" if body.successor else ended
        click.echo(f"{'  ' * depth}{body.code}  {body.name}（{level}）{after}")


@click.command()
@click.option("--search", is_flag=True, help="make the index by which cases are found anew")
def migrate(search: bool) -> None:
    """Bring the store to the shape that this version needs."""
    office = open_office(load(), wanted=TO_MIGRATE)
    goes_on = is_half_migrated(office)
    if goes_on:
        click.echo("上次升级时中断了，现在接着升级", err=True)
    before, after = migrate_office(office, search=search)
    done = "已升级完" if goes_on else "已是最新"
    click.echo(done if before == after else f"已从 {before} 升级到 {after}", err=True)
    unsealed = unsealed_chains(office)
    if unsealed:
        click.echo(
            f"有 {unsealed} 件申请的日志没有加封（升级前就与校验值不符，或者不是程序写入的）："
            "请运行 gongkai verify 查看",
            err=True,
        )


@click.command()
@click.option("--full", is_flag=True, help="fold every case anew, also what is as it was last time")
@click.option("--package", metavar="FILE", help="only an archive package, which needs no store")
@click.option(
    "--against", metavar="FILE", help="also hold the store to a head that was kept elsewhere"
)
@as_json
def verify(full: bool, package: str | None, against: str | None, as_json: bool) -> None:
    """Hold every log to its hashes and every case to its log, people, roles, settings, reports, files and the audit to
    what was written of them: exit code 1 if one was tampered with.

    A case that is in every letter what it was when it was last found in order is not folded again.
    """
    if package is not None:
        _verify_package(package, as_json)
        return
    head = _read_head(against) if against is not None else None
    office = _as_it_is()
    seen = last_line(office)
    broken = verify_store(office, full=full)
    note_verified(office, seen, len(broken))
    if head is not None:
        broken += [Broken(*told) for told in broken_since(office, head)]
    if as_json:
        show([{"agency": b.agency, "number": b.number, "message": b.message} for b in broken])
    else:
        for one in broken:
            click.echo(f"{one.agency} {one.number}：{one.message}")
        click.echo("有不符之处" if broken else "日志与案卷全部相符", err=True)
    sys.exit(1 if broken else 0)


def _as_it_is() -> Office:
    """The office over the store in force, of which nothing is changed."""
    office = open_office(load(), wanted=READY)
    with closed_where_it_fails(office):
        follows = is_up_to_date(office)
    if not follows:
        fail(
            "本库还没有升级到本版本，或者放假安排、规则变动之后还没有重新计算：请先运行 gongkai migrate"
        )
    return office


def _read_head(file: str) -> Head:
    try:
        with click.open_file(file, "rb") as stream:
            content = stream.read()
        head = read_head(content)
    except OSError as error:
        fail(f"{file}：无法读取（{in_chinese(error)}）")
    except BadInput as error:
        fail(f"{file}：{error.errors[0].message}")
    click.echo(f"链头文件的校验码：{mark_of(content)}", err=True)
    return head


@click.command()
@click.option("-o", "--output", default="-", help="the file to write; `-` for standard output")
def head(output: str) -> None:
    """How far every chain of the store goes: a small file to be kept where nobody who looks after the store can change
    it. `gongkai verify --against` holds the store to it."""
    taken = take_head(_as_it_is())
    try:
        with click.open_file(output, "w", encoding="utf-8") as file:
            file.write(taken.text())
    except OSError as error:
        fail(f"{output}：无法写入（{in_chinese(error)}）")
    click.echo(f"校验码：{taken.mark}", err=True)


def _verify_package(file: str, as_json: bool) -> None:
    try:
        with click.open_file(file, "rb") as stream:
            told = broken_in(stream.read())
    except OSError as error:
        fail(f"{file}：无法读取（{in_chinese(error)}）")
    except ValueError as error:
        fail(f"{file}：{error}")
    if as_json:
        show([{"message": one} for one in told])
    else:
        for one in told:
            click.echo(one)
        click.echo("归档包有不符之处" if told else "归档包的文件和办理记录全部相符", err=True)
    sys.exit(1 if told else 0)


@click.command()
@click.option(
    "--confirm", is_flag=True, help="the clock is right: writing goes on; it stands in the audit"
)
@as_json
def clock(confirm: bool, as_json: bool) -> None:
    """What time this machine says it is, and the newest record of the store: exit code 1 where they do not fit and
    nothing is written."""
    watch = Watch(office_in_force().store)
    if confirm and watch.standing().wrong:
        watch.confirm()
    found = watch.standing()
    if as_json:
        newest = found.newest and found.newest.isoformat()
        show({"now": found.now.isoformat(), "newest": newest, "wrong": found.wrong})
    else:
        newest = f"{found.newest:%Y-%m-%d %H:%M}" if found.newest else "还没有"
        click.echo(f"本机时间：{found.now:%Y-%m-%d %H:%M}；库中最新的记录：{newest}")
        click.echo(f"{found.wrong}，已停止写入" if found.wrong else "时间相符，正常写入", err=True)
    sys.exit(1 if found.wrong else 0)


@click.group("config", invoke_without_command=True)
@click.option("--agency", help="also the settings of law.md §11 in force for this body today")
@as_json
@click.pass_context
def show_config(context: click.Context, agency: str | None, as_json: bool) -> None:
    """What is in force, and where each value came from."""
    if context.invoked_subcommand is not None:
        return
    found = load()
    program = {
        name: {"value": _public(name, found[name]), "origin": found.origin(name)} for name in found
    }
    law_settings = _law_settings(agency)
    if as_json:
        show({"program": program, "law": law_settings})
        return
    for name, entry in program.items():
        click.echo(f"{name} = {entry['value']}  （{entry['origin']}）")
    for name, entry in law_settings.items():
        click.echo(f"{name} = {_shown(entry['value'])}  （{_where_from(entry)}；{entry['label']}）")


@show_config.command("set")
@click.option("--agency", required=True, help="code of the body")
@click.option("--name", required=True, help="name of the setting, as `gongkai config` prints it")
@click.option("--value", required=True, help="the new value; `none` where a setting can be empty")
@click.option("--from", "holds_from", required=True, help="first day on which it holds: YYYY-MM-DD")
@click.option("--reason", required=True, help="why the body chose so; kept with the value")
@click.option("--by", help="user name of who decided (default: the operator at this computer)")
def config_set(
    agency: str, name: str, value: str, holds_from: str, reason: str, by: str | None
) -> None:
    """Let a setting have a value from a day on; open deadlines are computed again."""
    office = office_in_force()
    staff = office.staff(by) if by else None
    if by and staff is None:
        fail(f"没有名为“{by}”的用户", 1)
    try:
        done = BodySettings(office).set_setting(staff, agency, name, value, holds_from, reason)
    except Missing as error:
        fail(str(error), 1)
    except (Denied, Refused) as error:
        refusal = error.refusal
        fail(f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}", 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    click.echo(f"已设置 {name}，自 {holds_from} 起生效；{done.moved} 件申请的期限随之变动")


def _public(name: str, value: Any) -> Any:
    """A database address may carry a password: only its kind is told. Of other secrets only that
    they are set."""
    if name == "database_url" and value:
        return str(value).split(":", 1)[0] + ":…"
    return "…" if name in HIDDEN and value != KNOWN[name].default else value


def _shown(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _where_from(entry: dict[str, Any]) -> str:
    """default; or the body with since when, who and why."""
    if entry["since"] is None:
        return str(entry["origin"])
    who = f"，{entry['by']}" if entry["by"] else ""
    return f"{entry['origin']}，自 {entry['since']} 起{who}，理由：{entry['reason'] or '未记录'}"


def _law_settings(agency: str | None) -> dict[str, dict[str, Any]]:
    """Every setting of law.md §11: value, since when, who set it and why; `why` practice differs."""
    if not agency:
        return {
            name: {
                "value": value, "origin": "default", "label": rule.label, "default": value,
                "since": None, "by": None, "reason": None, "recorded_at": None, "why": rule.why,
            }
            for (name, value), rule in zip(
                load_law().defaults().items(), load_law().settings.values(), strict=True
            )
        }  # fmt: skip
    service = BodySettings(office_in_force())
    try:
        found = [one for group in service.in_force(agency) for one in group.settings]
    except Missing as error:
        fail(str(error), 1)
    names = service.names(found)
    return {
        one.rule.name: {
            "value": one.value or one.derived if one.derived else one.value,
            "origin": agency if one.since else ("derived" if one.derived else "default"),
            "label": one.rule.label,
            "default": one.rule.parse(one.rule.default),
            "since": one.since,
            "by": names[one.actor] if one.since else None,
            "reason": one.reason if one.since else None,
            "recorded_at": one.recorded_at,
            "why": one.rule.why,
        }
        for one in found
    }


commands: list[click.Command] = [init, agency, migrate, verify, head, clock, show_config]
