"""The shell's door to the use cases. Exit code 0: done; 1: refused or not sound; 2: not readable."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from config.law import load_law
from config.settings import HIDDEN, KNOWN, BadSetting, Settings, load
from workflow import timeline
from workflow.calendar import CalendarGap
from workflow.diagram import Way, documents, mermaid_text, svg_text, transitions_text
from workflow.people import (
    SCOPES,
    STAFF_ROLES,
    TOKEN_DAYS,
    Token,
    one_time_password,
    weak_password,
)
from workflow.refusal import BadInput, Refused
from workflow.report.writing import WRITERS
from workflow.service import Missing, Office
from workflow.service.dockets import Player, ReminderTeller
from workflow.service.opening import migrate_office, open_office, temporary_office
from workflow.service.played import UnsoundTable, play_report
from workflow.service.reports import Reports
from workflow.service.sample import fill_sample
from workflow.service.settings import BodySettings
from workflow.service.verify import verify as verify_store


def fail(message: str, code: int = 2) -> NoReturn:
    """One clear line, never a traceback."""
    click.echo(message, err=True)
    sys.exit(code)


def show(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def read_json(path: str) -> Any:
    """The JSON of a file, `-` for standard input; ends with exit code 2 and the place of the fault."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{path}：无法读取（{error.strerror}）")
    except UnicodeDecodeError:
        fail(f"{path}：不是 UTF-8 文本")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        fail(f"{path}：不是 JSON，第 {error.lineno} 行第 {error.colno} 列附近有误")
    except RecursionError:
        fail(f"{path}：JSON 嵌套过深")


def settings() -> Settings:
    try:
        return load()
    except BadSetting as error:
        fail(str(error))


def office_in_force(*, needs_store: bool = True) -> Office:
    """The office over the store in force, migrated."""
    office = open_office(settings())
    migrate_office(office)
    if needs_store and not office.agencies():
        fail("本库还没有初始化，请先运行 gongkai init", 1)
    return office


def reading(path: str, work: Callable[[], Any]) -> Any:
    """Run; a bad input ends with exit code 2 and every place named."""
    try:
        return work()
    except BadInput as error:
        fail("\n".join(f"{path}：{item.field}：{item.message}" for item in error.errors))
    except CalendarGap as error:
        fail(f"{path}：{error}")


as_json = click.option("--json", "as_json", is_flag=True, help="print data as JSON")


@click.command()
@click.argument("file")
@as_json
def deadline(file: str, as_json: bool) -> None:
    """All due days of a timeline FILE (JSON), with the steps. `-` reads standard input."""
    data = read_json(file)
    show(reading(file, lambda: timeline.explain(data)))


@click.command()
@click.argument("file")
@click.option("--strict", is_flag=True, help="fill in no routine step: what is missing is refused")
@click.option("--until", type=click.IntRange(2000, 2050), help="tables up to this year")
@click.option("--into", metavar="DATABASE_URL", help="keep the cases in this store")
@click.option("--reminders", is_flag=True, help="add every reminder that would have gone out")
@as_json
@click.pass_context
def replay(
    context: click.Context,
    file: str,
    strict: bool,
    until: int | None,
    into: str | None,
    reminders: bool,
    as_json: bool,
) -> None:
    """Play a docket FILE through the one door; print its cases and tables."""
    data = read_json(file)
    # The entry that gathers the rooms knows who tells the reminders; this room does not.
    tell = context.find_object(ReminderTeller)
    if reminders and tell is None:
        fail("提醒须由 gongkai 命令给出")

    def play() -> dict[str, Any]:
        with temporary_office(into) as office:
            return Player(office, strict=strict).play(data, until, tell if reminders else None)

    result = reading(file, play)
    show(result)
    sys.exit(1 if any(case["refused"] for case in result["cases"]) else 0)


@click.command()
@click.option("--agency", required=True, help="code of the body")
@click.option("--year", required=True, type=int, help="year of the report")
@click.option(
    "--format", "fmt", type=click.Choice(["2019", "2021"]), help="default: the year's own"
)
@as_json
def tally(agency: str, year: int, fmt: str | None, as_json: bool) -> None:
    """Tables 3 and 4 of a body and year, counted from its cases."""
    office = office_in_force()
    try:
        show(Reports(office).tables(agency, year, fmt).as_dict())
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail(str(error))


@click.command()
@click.option("--agency", required=True, help="code of the body")
@click.option("--year", required=True, type=int, help="year of the report")
@click.option("--format", "ending", required=True, type=click.Choice(list(WRITERS)))
@click.option("-o", "--output", required=True, help="the file to write; `-` for standard output")
@click.option(
    "--tables", "fmt", type=click.Choice(["2019", "2021"]), help="default: the year's own"
)
def report(agency: str, year: int, ending: str, output: str, fmt: str | None) -> None:
    """The annual report of a body and year as a file, with the tables as its cases have them now."""
    try:
        made = Reports(office_in_force()).annual(agency, year, fmt)
        written = WRITERS[ending].write(made)
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    try:
        with click.open_file(output, "wb") as file:
            file.write(written)
    except OSError as error:
        fail(f"{output}：无法写入（{error.strerror}）")
    click.echo(f"已写入 {output}（{len(written)} 字节）", err=True)


@click.command()
@click.option("--from-report", "file", metavar="FILE", help="play the tables of a published report")
@click.option("--keep", is_flag=True, help="leave the cases in the store in force")
@click.option(
    "--fill", is_flag=True, help="fill a new store with a township and a county department"
)
@as_json
def demo(file: str | None, keep: bool, fill: bool, as_json: bool) -> None:
    """Demonstrations: a published table as real cases, or a store filled with believable ones."""
    if bool(file) == fill:
        raise click.UsageError("请给出 --from-report FILE 或者 --fill")
    if fill:
        _fill()
        return
    assert file is not None
    data = read_json(file)
    try:
        if keep:
            played = reading(file, lambda: play_report(office_in_force(needs_store=False), data))
        else:
            with temporary_office() as office:
                played = reading(file, lambda: play_report(office, data))
    except UnsoundTable as error:
        for finding in error.findings:
            click.echo(f"{finding.rule} {finding.where}：{finding.message}", err=True)
        fail(f"{file}：表格的勾稽关系不成立（{len(error.findings)} 处），无法还原为申请", 1)
    show(
        {
            "agency": played.agency,
            "year": played.year,
            "format": played.format,
            "table3": played.table3,
            "table4": played.table4,
            "cases": played.cases,
            "differences": played.differences,
        }
    )
    word = "逐格一致" if not played.differences else f"有 {len(played.differences)} 处不一致"
    click.echo(f"{played.cases} 件申请逐件办理后重新统计，与印出的表{word}", err=True)
    sys.exit(1 if played.differences else 0)


def _fill() -> None:
    office = office_in_force(needs_store=False)
    password_file = settings().data_dir / "demo-password.txt"
    if not office.agencies():
        click.echo("正在生成演示数据……", err=True)
        password = one_time_password()
        fill_sample(office, password)
        password_file.write_text(password, encoding="utf-8")
        password_file.chmod(0o600)
    if password_file.exists():
        password = password_file.read_text(encoding="utf-8")
        click.echo(f"演示账号的密码都是 {password}，用户名：")
        for agency in office.agencies():
            for name, words in office.people_of(agency.code):
                click.echo(f"  {name:<12}{agency.name}：{words}")


@click.command()
@click.option("--agency", required=True, help="code of the first body")
@click.option("--name", required=True, help="its name")
@click.option("--level", required=True, type=click.Choice(list(load_law().words.levels)))
@click.option("--region", help="region for local holidays, such as 云南省文山州")
@click.option("--admin", default="admin", show_default=True, help="user name of the administrator")
@click.option("--if-new", is_flag=True, help="do nothing when the store has a body already")
@as_json
def init(
    agency: str, name: str, level: str, region: str | None, admin: str, if_new: bool, as_json: bool
) -> None:
    """Migrate, create the first body and its administrator, print the one-time password once."""
    office = office_in_force(needs_store=False)
    if if_new and office.agencies():
        return
    try:
        made = office.initialise(code=agency, name=name, level=level, admin=admin, region=region)
    except BadInput as error:
        fail(str(error), 1)
    if as_json:
        show(made)
        return
    click.echo(f"已建立 {made['name']}（{made['agency']}）。")
    click.echo(f"管理员：{made['admin']}")
    click.echo(f"一次性密码：{made['password']}（只显示这一次，首次登录后须修改）")


@click.group()
def user() -> None:
    """Members of staff."""


@user.command("create")
@click.option("--name", required=True, help="user name")
@click.option("--display-name", default="", help="name on the pages")
@click.option("--agency", required=True, help="code of the body")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(STAFF_ROLES))
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
        weak = weak_password(password, name)
        if weak:
            fail(f"密码：{weak}", 1)
    once = one_time_password() if password is None and not known else None
    try:
        with office.store.write() as unit:
            row = office.found_agency(unit, agency)
            office.add_user(
                unit,
                name=name,
                agency=row,
                roles=roles,
                display_name=display_name,
                password=password or once,
                must_change=once is not None,
            )
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
def token_create(user_name: str, scopes: tuple[str, ...], days: int) -> None:
    """A token for the person; printed alone, once."""
    try:
        click.echo(office_in_force().create_token(user_name, scopes or SCOPES, days))
    except Missing as error:
        fail(str(error), 1)


@token.command("list")
@click.option("--user", "user_name", help="only the tokens of this user")
@as_json
def token_list(user_name: str | None, as_json: bool) -> None:
    """All tokens with scopes and dates; never the tokens themselves."""
    office = office_in_force()
    found = office.tokens(user_name)
    if as_json:
        show([_token(one, office.now()) for one in found])
        return
    for one in found:
        state = "有效" if one.good_at(office.now()) else "已失效"
        scopes = "、".join(one.scopes)
        click.echo(f"{one.id}  {one.user}  {scopes}  至 {one.expires_at:%Y-%m-%d}  {state}")


def _token(one: Token, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "user": one.user, "scopes": list(one.scopes)}
    for name in ("created_at", "expires_at", "revoked_at", "last_used_at"):
        moment = getattr(one, name)
        found[name] = moment.isoformat() if moment else None
    return {**found, "good": one.good_at(now)}


@token.command("revoke")
@click.argument("number", type=int)
def token_revoke(number: int) -> None:
    """End a token at once; NUMBER is the one that `token list` shows."""
    try:
        ended = office_in_force().revoke_token(number)
    except Missing as error:
        fail(str(error), 1)
    click.echo(f"令牌 {ended.id}（{ended.user}）已作废")


@click.command()
def migrate() -> None:
    """Bring the store to the shape that this version needs."""
    before, after = migrate_office(open_office(settings()))
    click.echo(
        "已是最新" if before == after else f"已从 {before or '空库'} 升级到 {after}", err=True
    )


@click.command()
@as_json
def verify(as_json: bool) -> None:
    """Replay every log from nothing: exit code 1 if a log or a case row was tampered with."""
    office = open_office(settings())
    migrate_office(office)
    broken = verify_store(office)
    if as_json:
        show([{"agency": b.agency, "number": b.number, "message": b.message} for b in broken])
    else:
        for one in broken:
            click.echo(f"{one.agency} {one.number}：{one.message}")
        click.echo("有不符之处" if broken else "日志与案卷全部相符", err=True)
    sys.exit(1 if broken else 0)


@click.group("config", invoke_without_command=True)
@click.option("--agency", help="also the settings of law.md §11 in force for this body today")
@as_json
@click.pass_context
def show_config(context: click.Context, agency: str | None, as_json: bool) -> None:
    """What is in force, and where each value came from."""
    if context.invoked_subcommand is not None:
        return
    found = settings()
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
    except Refused as error:
        refusal = error.refusal
        fail(f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}", 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    click.echo(f"已设置 {name}，自 {holds_from} 起生效；{done.moved} 件申请的期限随之变动")


@click.command()
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["mermaid", "svg", "table"]),
    default="mermaid",
    show_default=True,
    help="a diagram, a picture, or every row in words",
)
@click.option("--present", type=click.Choice(list(load_law().states)), help="mark this state")
@click.option(
    "--docs",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="write the files of docs/ into this folder instead",
)
def machine(fmt: str, present: str | None, folder: Path | None) -> None:
    """The machine as its tables have it: states, events, conditions."""
    law = load_law()
    if folder is not None:
        for name, text in documents(law).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return
    if present and fmt == "table":
        raise click.UsageError("--present 只用于图")
    if fmt == "mermaid":
        text = mermaid_text(law, present)
    elif fmt == "svg":
        text = svg_text(law, Way(present))
    else:
        text = transitions_text(law) + "\n"
    click.echo(text, nl=False)


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


commands: list[click.Command] = [
    deadline, replay, tally, report, demo, init, user, token, migrate, verify, show_config, machine,
]  # fmt: skip
