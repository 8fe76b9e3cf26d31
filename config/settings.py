"""The program's own settings: defaults < one TOML file < environment, each value with its origin.

Rule: a setting `x` is `GONGKAI_X` in the environment; those of channels (GONGKAI_SMTP_HOST) stand in channels.toml.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from config.channels import load_channels
from config.errors import BadSetting


@dataclass(frozen=True)
class Known:
    """A setting of the program: its type, default and meaning; least, most: bounds of a number."""

    type: type
    default: Any
    meaning: str
    least: int | None = None
    most: int | None = None


KNOWN: dict[str, Known] = {
    "data_dir": Known(str, "./data", "folder of the store, the keys and the files"),
    "database_url": Known(str, "", "SQLAlchemy address; empty: SQLite in data_dir"),
    "host": Known(str, "127.0.0.1", "address on which the server listens"),
    "port": Known(int, 8000, "port on which the server listens", 0, 65535),
    "workers": Known(int, 1, "processes of serve that share the port; one only on Windows", 1, 64),
    "https": Known(bool, False, "served behind HTTPS: secure cookies, HSTS, redirect"),
    "session_idle_minutes": Known(
        int, 30, "minutes without a click until staff must log in again", 1, 1440
    ),
    "upload_megabytes": Known(int, 10, "size of one uploaded file, in MB", 1, 1000),
    "upload_files": Known(int, 5, "files that an applicant may send to one application", 0, 100),
    "scanner": Known(
        str, "", "clamd that looks at every upload: tcp://HOST:PORT or unix:/PATH; empty: none"
    ),
    "scanner_required": Known(
        bool, True, "an upload that the scanner cannot look at is refused; false: it is taken"
    ),
    "site_sponsor": Known(str, "", "footer: 主办单位"),
    "site_phone": Known(str, "", "footer: 公开电话"),
    "site_icp": Known(str, "", "footer: ICP备案号"),
    "site_police": Known(str, "", "footer: 公安备案号"),
    "site_url": Known(str, "", "address of this site as others reach it, for links in messages"),
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
    *(name for channel in load_channels().values() for name in channel.secret),
)


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

    Raises BadSetting for a value of the wrong type or a name that nobody knows.
    """
    env = os.environ if environ is None else environ
    values = {name: Value(known.default, "default") for name, known in KNOWN.items()}
    file = env.get("GONGKAI_CONFIG")
    if file:
        for name, value in _read(Path(file)).items():
            values[name] = Value(_typed(name, value, file), file)
    for variable in sorted(env):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if variable != f"{PREFIX}{name.upper()}" or name not in (*KNOWN, *BESIDE):
            raise BadSetting(f"环境变量 {variable} 无法识别{_meant(name, PREFIX)}")
        if name in KNOWN:
            values[name] = Value(_typed(name, env[variable], variable), variable)
    return Settings(values)


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
    if not isinstance(value, str):
        raise BadSetting(f"{origin}：{name} 须为文字，现为 {value!r}")
    return value


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
