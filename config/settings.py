"""The program's own settings: defaults < one TOML file < environment, each value with its origin.

Rule: a setting `x` is `GONGKAI_X` in the environment; those of channels (GONGKAI_SMTP_HOST) stand in channels.toml.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.channels import load_channels
from config.errors import BadSetting
from config.networks import networks
from config.origins import origins
from config.storages import S3Place, is_server, place_of


@dataclass(frozen=True)
class Known:
    """A setting of the program: its type, default and meaning; least, most: bounds of a number; among: the words that a
    text may be; check: raises ValueError with what is wrong with a text, in words."""

    type: type
    default: Any
    meaning: str
    least: int | None = None
    most: int | None = None
    among: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None


def time_of_day(said: str) -> time:
    """A time written HH:MM. Raises ValueError, in words."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", said):
        raise ValueError(f"须写成 02:30 这样的时间，现为 {said!r}")
    return time.fromisoformat(said)


KNOWN: dict[str, Known] = {
    "data_dir": Known(str, "./data", "folder of the store, the keys and the files"),
    "database_url": Known(str, "", "SQLAlchemy address; empty: SQLite in data_dir"),
    "cipher": Known(
        str,
        "aes",
        "kind of the next key: aes (AES-256, SHA-256) or sm (SM4, SM3)",
        among=("aes", "sm"),
    ),
    "seal_texts": Known(
        bool,
        False,
        "names, requests and the words of logs are sealed in the store; what is there: gongkai key seal-texts",
    ),
    "file_storage": Known(
        str,
        "database",
        "where contents of files lie: database, a folder, or s3://bucket/prefix",
        check=place_of,
    ),
    "file_storage_before": Known(
        str,
        "",
        "a folder or s3://bucket/prefix where some still lie: gongkai files move brings them over",
        check=place_of,
    ),
    "s3_endpoint": Known(
        str, "", "server of s3://, such as https://s3.example.gov.cn", check=is_server
    ),
    "s3_region": Known(str, "us-east-1", "region that the server of s3:// expects in signatures"),
    "s3_access_key": Known(str, "", "key of s3://; from the environment alone"),
    "s3_secret_key": Known(str, "", "secret of that key; from the environment alone"),
    "s3_path_style": Known(
        bool, True, "the bucket stands in the path (https://server/bucket); false: before the host"
    ),
    "s3_ca": Known(
        str, "", "file of the certificates that sign the server's; empty: those of the system"
    ),
    "host": Known(str, "127.0.0.1", "address on which the server listens"),
    "port": Known(int, 8000, "port on which the server listens", 0, 65535),
    "workers": Known(int, 1, "processes of serve that share the port; one only on Windows", 1, 64),
    "https": Known(bool, False, "served behind HTTPS: secure cookies, HSTS, redirect"),
    "trusted_proxies": Known(
        str,
        "",
        "addresses and networks of the proxies in front, whose X-Forwarded-* are believed; empty: of nobody",
        check=networks,
    ),
    "session_idle_minutes": Known(
        int, 30, "minutes without a click until staff must log in again", 1, 1440
    ),
    "password_days": Known(
        int, 0, "days after which a password must be changed at the login; 0: never", 0, 3650
    ),
    "upload_megabytes": Known(int, 10, "size of one uploaded file, in MB", 1, 1000),
    "upload_files": Known(int, 5, "files that an applicant may send to one application", 0, 100),
    "scanner": Known(
        str, "", "clamd that looks at every upload: tcp://HOST:PORT or unix:/PATH; empty: none"
    ),
    "scanner_required": Known(
        bool, True, "an upload that the scanner cannot look at is refused; false: it is taken"
    ),
    "backup_folder": Known(
        str, "", "folder for a backup of every day, on another disk; it must be there; empty: none"
    ),
    "backup_time": Known(
        str, "02:30", "when the backup of the day is made: HH:MM", check=time_of_day
    ),
    "backup_daily": Known(int, 7, "days of which the last backup is kept", 1, 1000),
    "backup_weekly": Known(int, 4, "weeks of which the last backup is kept", 0, 1000),
    "backup_monthly": Known(int, 12, "months of which the last backup is kept", 0, 1000),
    "backup_keys": Known(
        bool,
        False,
        "the keys are written beside every backup of the day; who has the folder reads all",
    ),
    "backup_reminder_days": Known(
        int, 7, "days without a backup after which system administrators are told; 0: never", 0, 365
    ),
    "site_sponsor": Known(str, "", "footer: 主办单位"),
    "site_phone": Known(str, "", "footer: 公开电话"),
    "site_icp": Known(str, "", "footer: ICP备案号"),
    "site_police": Known(str, "", "footer: 公安备案号"),
    "site_url": Known(str, "", "address of this site as others reach it, for links in messages"),
    "second_factor_roles": Known(
        tuple, (), "roles whose holders must have a second factor, separated by commas; empty: none"
    ),
    "oidc_issuer": Known(
        str, "", "address of the provider with which staff may log in (OpenID Connect); empty: none"
    ),
    "oidc_client_id": Known(str, "", "what the provider calls this site"),
    "oidc_client_secret": Known(
        str,
        "",
        "password of this site at the provider; from the environment, or a file that its owner alone reads",
    ),
    "oidc_label": Known(str, "本单位统一身份认证", "name of the provider on the button"),
    "oidc_claim": Known(
        str, "preferred_username", "claim that holds the name of the account at the provider"
    ),
    "oidc_second_factor": Known(
        bool, False, "the provider itself asks for a second factor; ours is not asked for then"
    ),
    "oidc_ca": Known(
        str, "", "file of the certificates that sign the provider's; empty: those of the system"
    ),
    "security_contact": Known(
        str,
        "",
        "security.txt: mail, https:// or tel:+86… to whom weaknesses are told; empty: no such file",
    ),
    "log_format": Known(
        str,
        "plain",
        "lines of the log: plain for people, json for programs",
        among=("plain", "json"),
    ),
    "log_file": Known(
        str, "", "file to which serve and worker write their log; empty: the terminal"
    ),
    "log_megabytes": Known(
        int, 20, "size at which log_file is moved away, in MB; 0: left to logrotate", 0, 10_000
    ),
    "log_files": Known(int, 10, "how many log files that were moved away stay", 1, 1000),
    "access_log": Known(
        str,
        "on",
        "a line for every request, without names and numbers: on, off, or addresses (with the visitor's)",
        among=("on", "off", "addresses"),
    ),
    "metrics_token": Known(
        str,
        "",
        "word with which /metrics may be read from anywhere (Authorization: Bearer); empty: none",
    ),
    "metrics_from": Known(
        str,
        "127.0.0.1, ::1",
        "addresses and networks from which /metrics may be read",
        check=networks,
    ),
    "hook_hosts": Known(
        str,
        "",
        "servers to which administrators may let events be sent (docs/notifications.md); empty: none",
        check=origins,
    ),
    "hook_ca": Known(
        str, "", "file of the certificates that sign those servers'; empty: those of the system"
    ),
    "worker_in_serve": Known(bool, True, "serve also runs the worker of the notifications"),
    **{
        name: Known(type(default), default, meaning)
        for channel in load_channels().values()
        for name, (default, meaning) in (channel.settings or {}).items()
    },
}
PREFIX = "GONGKAI_"
BESIDE = ("config", "lang", "secret")
"""Variables with the prefix that are no setting: the file, the language of the help, and the key of what is sealed."""
HIDDEN = (
    "database_url",
    "oidc_client_secret",
    "s3_access_key",
    "s3_secret_key",
    "metrics_token",
    *(name for channel in load_channels().values() for name in channel.secret),
)

FOR_OWNER_ALONE = ("oidc_client_secret",)
"""What stands only in a file that nobody else can read."""

FROM_ENVIRONMENT = ("s3_access_key", "s3_secret_key")
"""What stands in no file."""


@dataclass(frozen=True)
class Value:
    """A setting in force and where it came from: default, the file, or an environment variable."""

    value: Any
    origin: str


class Settings(Mapping[str, Any]):
    """What is in force. `settings["port"]` is the value, `settings.origin("port")` its source."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def origin(self, name: str) -> str:
        return self._values[name].origin

    @property
    def data_dir(self) -> Path:
        return Path(self["data_dir"])

    @property
    def database_url(self) -> str:
        """The address of the store; SQLite in data_dir unless another is set."""
        return str(self["database_url"]) or f"sqlite:///{self.data_dir / 'gongkai.db'}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from GONGKAI_* variables over the TOML file named by GONGKAI_CONFIG.

    Raises BadSetting for a value of the wrong type, one that cannot be meant, or a name that nobody knows.
    """
    env = os.environ if environ is None else environ
    values = {name: Value(known.default, "default") for name, known in KNOWN.items()}
    file = env.get("GONGKAI_CONFIG")
    if file:
        for name, value in _read(Path(file)).items():
            if name in FROM_ENVIRONMENT:
                raise BadSetting(
                    f"{name} 不能写在配置文件 {file} 里：请改用环境变量 {PREFIX}{name.upper()}"
                )
            if name in FOR_OWNER_ALONE:
                _for_owner_alone(name, Path(file))
            values[name] = Value(_typed(name, value, file), file)
    for variable in sorted(env):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if variable != f"{PREFIX}{name.upper()}" or name not in (*KNOWN, *BESIDE):
            raise BadSetting(f"环境变量 {variable} 无法识别{_meant(name, PREFIX)}")
        if name in KNOWN:
            values[name] = Value(_typed(name, env[variable], variable), variable)
    settings = Settings(values)
    _ask_roles(settings)
    _ask_directory(settings)
    _ask_storage(settings)
    _ask_hooks(settings)
    return settings


def _ask_roles(settings: Settings) -> None:
    """Raises BadSetting for a role that nobody can hold."""
    if settings["second_factor_roles"]:
        from config.law import load_law  # most installations name no role

        known = list(load_law().words.duties)
        unknown = [role for role in settings["second_factor_roles"] if role not in known]
        if unknown:
            raise BadSetting(
                f"second_factor_roles 中没有这样的角色：{'、'.join(unknown)}。可以写：{'、'.join(known)}"
            )


def _ask_directory(settings: Settings) -> None:
    """Raises BadSetting for a provider that could not work, or to which secrets would go in the open."""
    issuer, ca = urlsplit(settings["oidc_issuer"]), settings["oidc_ca"]
    if not settings["oidc_issuer"]:
        return
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise BadSetting("oidc_issuer 须是 https:// 开头的地址，与身份认证系统公布的一字不差")
    if not settings["oidc_client_id"]:
        raise BadSetting("设置了 oidc_issuer，还须设置 oidc_client_id")
    if ca and not Path(ca).exists():
        raise BadSetting(f"oidc_ca 所指的证书文件 {ca} 不存在")


def _ask_storage(settings: Settings) -> None:
    """Raises BadSetting where contents of files could not be reached."""
    names = ("file_storage", "file_storage_before")
    now, before = (place_of(settings[name]) for name in names)
    if now is not None and now == before:
        raise BadSetting("file_storage_before 须与 file_storage 不同，文件已经搬完的请删去这一项")
    if any(isinstance(one, S3Place) for one in (now, before)):
        wanted = ("s3_endpoint", *FROM_ENVIRONMENT)
        if missing := [name for name in wanted if not settings[name]]:
            raise BadSetting(f"文件存放在 s3://，还须设置：{'、'.join(missing)}")
    if settings["s3_ca"] and not Path(settings["s3_ca"]).exists():
        raise BadSetting(f"s3_ca 所指的证书文件 {settings['s3_ca']} 不存在")


def _ask_hooks(settings: Settings) -> None:
    """Raises BadSetting for a file of certificates with which the worker could not start."""
    ca = settings["hook_ca"]
    if not ca:
        return
    if not Path(ca).exists():
        raise BadSetting(f"hook_ca 所指的证书文件 {ca} 不存在")
    import ssl  # most installations name no such file

    try:
        ssl.create_default_context(cafile=ca)
    except OSError as error:  # SSLError is one
        raise BadSetting(f"hook_ca 所指的证书文件 {ca} 读不出证书：须是 PEM 格式的文件") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"配置文件 {path} 无法读取：{error}") from error
    unknown = sorted(set(data) - set(KNOWN))
    if unknown:
        names = "、".join(f"{name}{_meant(name)}" for name in unknown)
        raise BadSetting(f"配置文件 {path} 中有无法识别的设置：{names}")
    return data


def _meant(name: str, prefix: str = "") -> str:
    """The known name that was perhaps meant, in words; empty if none is near."""
    near = get_close_matches(name.lower(), (*KNOWN, *(BESIDE if prefix else ())), 1)
    return f"（是否应为 {prefix}{near[0].upper() if prefix else near[0]}？）" if near else ""


def _typed(name: str, value: Any, origin: str) -> Any:
    wanted = KNOWN[name].type
    if wanted is bool:
        if str(value).lower() in ("1", "true", "yes", "on"):
            return True
        if str(value).lower() in ("0", "false", "no", "off", ""):
            return False
        raise BadSetting(f"{origin}：{name} 须为 true 或 false，现为 {value!r}")
    if wanted is int:
        return _number(name, value, origin)
    if wanted is tuple:
        return _words(name, value, origin)
    if not isinstance(value, str):
        raise BadSetting(f"{origin}：{name} 须为文字，现为 {value!r}")
    if (among := KNOWN[name].among) and value not in among:
        raise BadSetting(f"{origin}：{name} 须为 {'、'.join(among)} 之一，现为 {value!r}")
    if (check := KNOWN[name].check) is not None:
        try:
            check(value)
        except ValueError as error:
            raise BadSetting(f"{origin}：{name} {error}") from error
    return value


def _words(name: str, value: Any, origin: str) -> tuple[str, ...]:
    """Words: a list in a file, else separated by commas."""
    given = value.replace("，", ",").split(",") if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise BadSetting(f"{origin}：{name} 须为文字的列表，现为 {value!r}")
    return tuple(word for one in given if (word := one.strip()))


def _for_owner_alone(name: str, file: Path) -> None:
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise BadSetting(
            f"配置文件 {file} 中有 {name}，别人却能读：请运行 chmod 600 {file}，"
            f"或者改用环境变量 {PREFIX}{name.upper()}"
        )


def _number(name: str, value: Any, origin: str) -> int:
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if type(number) is not int:
        raise BadSetting(f"{origin}：{name} 须为整数，现为 {value!r}")
    known = KNOWN[name]
    least = 0 if known.least is None else known.least
    if number < least or (known.most is not None and number > known.most):
        bounds = f"不小于 {least}" if known.most is None else f"在 {least} 到 {known.most} 之间"
        raise BadSetting(f"{origin}：{name} 须{bounds}，现为 {number}")
    return number
