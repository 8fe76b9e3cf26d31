"""Starts Gongkai on Windows from the unpacked archive, without internet; start.cmd finds Python and calls this.

    ..\\gongkai-data    settings and data, beside the unpacked folders of all versions
    env                what is installed from wheels/, in the unpacked folder; made anew where it was cut off

A new version is unpacked beside the old one and started: it backs the data up and brings it to its shape.
"""

import hashlib
import os
import subprocess
import sys
import venv
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "gongkai-data"
ENV = HERE / "env"
COMPLETE = ENV / "complete"
LAST = DATA / "version.txt"
"""The version that used the data last."""
BITS = 64


def wheels_of_this_machine() -> Path:
    """The folder of the compiled wheels. Ends the program with a sentence where none fits."""
    place = "windows-x86_64" if os.name == "nt" else f"linux-{os.uname().machine}"
    if sys.version_info[:2] != (3, 11) or sys.maxsize.bit_length() + 1 != BITS:
        sys.exit(f"须用 64 位的 Python 3.11，现在是 {sys.version.split()[0]}")
    return HERE / "wheels" / place


def check_sums() -> None:
    """Every file of the archive is there and as it was packed, or the program ends."""
    print("正在核对安装包的每个文件……", flush=True)
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        file = HERE / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            sys.exit(f"安装包不完整或者被改动过：{name}。什么也没有安装，请重新复制、重新解压")


def version() -> str:
    return (HERE / "VERSION").read_text(encoding="utf-8").split()[0]


def python() -> Path:
    return ENV / "Scripts" / "python.exe" if os.name == "nt" else ENV / "bin" / "python"


def set_up() -> None:
    """The environment, once: from the wheels beside this file alone."""
    if COMPLETE.is_file():
        return
    place = wheels_of_this_machine()
    check_sums()
    print(f"正在安装 {version()}（一两分钟，只有这一次）……", flush=True)
    venv.create(ENV, with_pip=False, clear=True)
    (pip,) = (HERE / "wheels" / "any").glob("pip-*.whl")
    lists = [word for name in ("requirements.txt", "requirements-postgres.txt") for word in ("-r", str(HERE / name))]  # fmt: skip
    subprocess.run(
        [python(), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet", "--no-index",
         "--no-deps", "--no-cache-dir", "--find-links", HERE / "wheels" / "any", "--find-links", place,
         *lists, f"gongkai=={version()}"],
        check=True, env={**os.environ, "PYTHONPATH": str(pip)},
    )  # fmt: skip
    COMPLETE.touch()


def gongkai(*words: str) -> int:
    """A command, over the data beside the unpacked folder; its exit code."""
    said = {"GONGKAI_DATA_DIR": str(DATA)}
    settings = DATA / "gongkai.toml"
    if settings.is_file():
        said["GONGKAI_CONFIG"] = str(settings)
    command = [str(python()), "-c", "from gongkai import main; main()", *words]
    return subprocess.run(command, check=False, env={**os.environ, **said}).returncode


def first_time() -> None:
    """The first body, as it is asked for."""
    print("第一次使用，请填写本机关（以后可以在“人员和机关”里改）：")
    code = input("代码（字母、数字，例如 panlong）：").strip()
    name = input("名称（例如 盘龙彝族乡人民政府）：").strip()
    level = input("级别（乡镇写 township，县写 county）：").strip() or "township"
    if gongkai("init", "--if-new", "--agency", code, "--name", name, "--level", level):
        sys.exit("没有建成，请看上面的说明，再运行一次")


def upgrade(before: str) -> None:
    """The data of an earlier version: backed up, then brought to the shape of this one."""
    folder = DATA / "backups"
    folder.mkdir(exist_ok=True)
    file = folder / f"before-{version()}.{datetime.now():%Y%m%d-%H%M%S}"
    print(f"数据是 {before} 的，正在备份、升级……", flush=True)
    if gongkai("backup", str(file)) or gongkai("migrate"):
        sys.exit("没有升级成，请看上面的说明；以前的版本还在原来的文件夹里")


def main() -> None:
    set_up()
    DATA.mkdir(exist_ok=True)
    before = LAST.read_text(encoding="utf-8").strip() if LAST.is_file() else ""
    if not before:
        first_time()
    elif before != version():
        upgrade(before)
    new = LAST.with_suffix(".new")
    new.write_text(version() + "\n", encoding="utf-8")
    new.replace(LAST)
    if len(sys.argv) > 1:
        sys.exit(gongkai(*sys.argv[1:]))
    try:
        sys.exit(gongkai("serve"))
    except KeyboardInterrupt:
        print("已停止")


if __name__ == "__main__":
    main()
