#!/bin/sh
# Installs, upgrades and rolls back from an unpacked archive, without a network (docs/offline.md, README.zh-CN.md).
#
#   PREFIX/versions/X  one version whole, only read      PREFIX/current, previous  links to versions
#   PREFIX/etc/gongkai.toml  settings, kept              PREFIX/data  store, keys and files, 0700
#   PREFIX/backups  made before every upgrade, 0700      PREFIX/bin/gongkai  the commands, with the settings
#
# Every step asks first whether it is done: the same command again finishes what was cut off.
set -eu
umask 022
LC_ALL=C
export LC_ALL
unset CDPATH PYTHONPATH PYTHONHOME
here=$(cd -- "$(dirname -- "$0")" && pwd -P)

PYTHON_SERIES=3.11
GLIBC=2.28
SQLITE=3.35
WAIT=90

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

usage() {
    cat <<'END'
用法：sh install.sh [选项]        安装；已经装过旧版本的，升级
      sh install.sh --rollback    退回上一个版本

第一次安装要写明本机关（以后不用再写）：
  --agency 代码      本机关的代码，用于网址：字母、数字，例如 panlong
  --name 名称        本机关的名称，例如 盘龙彝族乡人民政府
  --level 级别       township（乡镇）、county（县）等
  --region 地区      地方放假用，例如 云南省文山州（可以不写）

其他选项：
  --prefix 文件夹    安装位置；root 默认 /srv/gongkai，其他用户默认 ~/gongkai
  --python 程序      Python 3.11 的位置；不写则自己找
  --user 用户        运行服务的系统用户，默认 gongkai（只有 root 可以指定）
  --port 端口        第一次写配置文件时用的端口，默认 8000
  --no-service       不安装 systemd 服务
  --restore          只和 --rollback 一起用：同时把升级前的备份放回来（升级之后收到的申请不在其中）
END
}

prefix='' python='' user='' agency='' name='' level='' region='' port=8000
service=yes rollback=no restore=no
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --rollback) rollback=yes ;;
        --restore) restore=yes ;;
        --no-service) service=no ;;
        --prefix | --python | --user | --agency | --name | --level | --region | --port)
            [ $# -ge 2 ] || fail "$1 后面缺少内容"
            eval "${1#--}=\$2"
            shift ;;
        *) usage >&2; fail "没有这个选项：$1" ;;
    esac
    shift
done
case $port in '' | *[!0-9]*) fail "--port 须为数字，现为 $port" ;; esac
[ "$restore" = no ] || [ "$rollback" = yes ] || fail "--restore 只能和 --rollback 一起用"

root=no
[ "$(id -u)" -ne 0 ] || root=yes
if [ $root = yes ]; then
    user=${user:-gongkai}
    prefix=${prefix:-/srv/gongkai}
else
    [ -z "$user" ] || fail "只有 root 可以用 --user"
    user=$(id -un)
    prefix=${prefix:-${HOME:?没有 HOME，请用 --prefix 指定安装位置}/gongkai}
fi
case $prefix in
    /*) ;;
    *) prefix=$(pwd -P)/$prefix ;;
esac
case $prefix in *[!A-Za-z0-9/._-]*) fail "安装位置只能用字母、数字和 . _ -：$prefix" ;; esac
[ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1 && [ $root = yes ] || service=no

# -- small parts ---------------------------------------------------------------------------------------

# Runs a command as the user of the service, from a folder that this user can enter.
as_user() {
    if [ $root = no ]; then
        (cd / && "$@")
    else
        (cd / && "$python" -c '
import os, pwd, sys
one = pwd.getpwnam(sys.argv[1])
os.initgroups(one.pw_name, one.pw_gid); os.setgid(one.pw_gid); os.setuid(one.pw_uid)
os.environ.update(HOME=one.pw_dir, USER=one.pw_name, LOGNAME=one.pw_name)
os.execvp(sys.argv[2], sys.argv[2:])' "$user" "$@")
    fi
}

# gongkai_of VERSION COMMAND…: a command of that version, with the settings of this installation.
gongkai_of() {
    folder=$prefix/versions/$1
    shift
    (umask 077 && as_user env GONGKAI_CONFIG="$prefix/etc/gongkai.toml" "$folder/venv/bin/gongkai" "$@")
}

# The shape of the store that a version works with.
shape_of() {
    "$prefix/versions/$1/venv/bin/python" -c 'from workflow.store.migrate import newest; print(newest())'
}

linked() { if [ -L "$prefix/$1" ]; then basename -- "$(readlink "$prefix/$1")"; fi; }

# point LINK VERSION: there is no moment without a link.
point() {
    "$python" -c '
import os, sys
link, to = sys.argv[1:]
if os.path.lexists(link + ".new"): os.remove(link + ".new")
os.symlink(to, link + ".new"); os.replace(link + ".new", link)' "$prefix/$1" "versions/$2"
}

make_folder() {
    mkdir -p "$1"
    chmod "$2" "$1"
    [ $root = no ] || chown "$3" "$1"
}

stop() {
    if [ $service = yes ] && systemctl is-active --quiet gongkai.service; then
        say "正在停止服务……"
        systemctl stop gongkai.service
    elif answers; then
        fail "服务还在运行：请先停止它，再运行一次同样的命令"
    fi
}

# Whether the address of the settings answers.
answers() {
    [ -e "$prefix/etc/gongkai.toml" ] || return 1
    "$python" - "$prefix/etc/gongkai.toml" <<'END'
import sys, tomllib, urllib.error, urllib.request
with open(sys.argv[1], "rb") as file:
    said = tomllib.load(file)
host, port = said.get("host", "127.0.0.1"), said.get("port", 8000)
host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
host = f"[{host}]" if ":" in host else host
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    opener.open(f"http://{host}:{port}/healthz", timeout=5).close()
except urllib.error.HTTPError:
    pass
except OSError:
    sys.exit(1)
END
}

start() {
    if [ $service = no ]; then
        say "启动服务：$prefix/bin/gongkai serve"
        return
    fi
    write_unit
    systemctl daemon-reload
    systemctl enable --quiet gongkai.service
    systemctl restart gongkai.service
    waited=0
    until answers; do
        waited=$((waited + 1))
        if [ $waited -gt $WAIT ] || systemctl is-failed --quiet gongkai.service; then
            fail "服务没有启动：请看 journalctl -u gongkai；要退回上一个版本，运行 sh $prefix/current/install.sh --rollback"
        fi
        sleep 1
    done
    say "服务已启动：systemctl status gongkai"
}

write_unit() {
    sed -e "s|/srv/gongkai|$prefix|g" -e "s|^User=.*|User=$user|" -e "s|^Group=.*|Group=$(id -gn "$user")|" \
        "$prefix/current/gongkai.service" >/etc/systemd/system/gongkai.service.new
    mv /etc/systemd/system/gongkai.service.new /etc/systemd/system/gongkai.service
}

# -- Python --------------------------------------------------------------------------------------------

# Prints the folder of wheels that fits a Python, or why it cannot be used, with exit code 1.
look_at() {
    sqlite=$SQLITE
    if grep -q '^database_url' "$prefix/etc/gongkai.toml" 2>/dev/null; then sqlite=3.0; fi
    "$1" - "$PYTHON_SERIES" "$GLIBC" "$sqlite" <<'END' 2>&1
import os, platform, sys
def no(why):
    print(why); sys.exit(1)
def numbers(text):
    return tuple(int(one) for one in text.split(".")[:2])
series, glibc, sqlite = sys.argv[1:]
if sys.version_info[:2] != numbers(series) or platform.python_implementation() != "CPython":
    no("是 %s %s" % (platform.python_implementation(), platform.python_version()))
machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
if machine not in ("x86_64", "aarch64"):
    no("处理器是 " + machine)
try:
    libc = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
except (ValueError, OSError, AttributeError, IndexError):
    no("系统的 C 库不是 glibc")
if numbers(libc) < numbers(glibc):
    no("系统的 glibc 是 %s，须不低于 %s" % (libc, glibc))
try:
    import ctypes, ssl, sqlite3, venv, zlib
except ImportError as lacks:
    no("不完整：%s" % lacks)
if sqlite3.sqlite_version_info < numbers(sqlite):
    no("所用的 SQLite 是 %s，须不低于 %s" % (sqlite3.sqlite_version, sqlite))
print("linux-" + machine)
END
}

find_python() {
    tried=''
    for one in ${python:-/usr/bin/python3.11 /usr/local/bin/python3.11 /opt/python3.11/bin/python3.11 python3.11 python3}; do
        found=$(command -v "$one" 2>/dev/null) || continue
        if place=$(look_at "$found"); then
            python=$found
            return
        fi
        tried="$tried
  $found：$place"
    done
    fail "没有找到能用的 Python $PYTHON_SERIES（x86_64 或 aarch64，glibc 不低于 $GLIBC）。${tried:+
找到的：$tried}
怎样安装 Python，见 README.zh-CN.md；装在别处的，用 --python 指明"
}

# -- installing ----------------------------------------------------------------------------------------

check_sums() {
    say "正在核对安装包的每个文件……"
    (cd "$here" && sha256sum --check --quiet --strict SHA256SUMS >&2) ||
        fail "安装包不完整或者被改动过，什么也没有安装：请重新复制、重新解压"
}

make_user() {
    [ $root = yes ] || return 0
    id "$user" >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir "$prefix/data" --no-create-home --shell /usr/sbin/nologin "$user"
}

make_version() {
    target=$prefix/versions/$version
    if [ -e "$target/complete" ]; then
        cmp -s "$here/SHA256SUMS" "$target/SHA256SUMS" ||
            fail "$version 已经装过，但与这个安装包的内容不同。同一个版本号不能有两种内容，什么也没有改动"
        return
    fi
    say "正在安装 $version（一两分钟）……"
    rm -rf "$target"
    mkdir -p "$target"
    "$python" -m venv --without-pip "$target/venv"
    into=$target/venv/bin/python
    pip=$(echo "$here"/wheels/any/pip-*.whl)
    set -- -m pip --isolated --disable-pip-version-check
    PYTHONPATH=$pip "$into" "$@" install --quiet --no-index --no-deps --no-cache-dir \
        --find-links "$here/wheels/any" --find-links "$here/wheels/$place" \
        --requirement "$here/requirements.txt" --requirement "$here/requirements-postgres.txt" "gongkai==$version"
    PYTHONPATH=$pip "$into" "$@" check >/dev/null || fail "装好的组件不配套，没有换到新版本"
    # The tables of the law are read once, and kept where later nobody may write.
    "$into" -c 'from config.channels import load_channels; from config.law import load_law; load_channels(); load_law()'
    for one in install.sh gongkai.service gongkai.toml README.zh-CN.md VERSION SHA256SUMS docs licences sbom.json; do
        cp -R "$here/$one" "$target/$one"
    done
    if [ $root = yes ]; then chown -R 0:0 "$target"; fi
    sync
    : >"$target/complete"
}

make_places() {
    make_folder "$prefix" 755 0:0
    make_folder "$prefix/etc" 755 0:0
    make_folder "$prefix/bin" 755 0:0
    make_folder "$prefix/data" 700 "$user"
    make_folder "$prefix/backups" 700 "$user"
    if [ ! -e "$prefix/etc/gongkai.toml" ]; then
        sed -e "s|/srv/gongkai|$prefix|g" -e "s|^port = .*|port = $port|" "$here/gongkai.toml" >"$prefix/etc/gongkai.toml.new"
        chmod 600 "$prefix/etc/gongkai.toml.new"
        mv "$prefix/etc/gongkai.toml.new" "$prefix/etc/gongkai.toml"
    fi
    if [ $root = yes ]; then chown "$user" "$prefix/etc/gongkai.toml"; fi
    cat >"$prefix/bin/gongkai.new" <<END
#!/bin/sh
# The commands of the installed version, with its settings, as the user of the service.
umask 077
if [ "\$(id -u)" -eq 0 ] && [ "$user" != root ]; then
    exec "$prefix/current/venv/bin/python" -c '
import os, pwd, sys
one = pwd.getpwnam(sys.argv[1])
os.initgroups(one.pw_name, one.pw_gid); os.setgid(one.pw_gid); os.setuid(one.pw_uid)
os.environ.update(HOME=one.pw_dir, GONGKAI_CONFIG=sys.argv[2])
os.execv(sys.argv[3], sys.argv[3:])' "$user" "$prefix/etc/gongkai.toml" "$prefix/current/venv/bin/gongkai" "\$@"
fi
GONGKAI_CONFIG="$prefix/etc/gongkai.toml" exec "$prefix/current/venv/bin/gongkai" "\$@"
END
    chmod 755 "$prefix/bin/gongkai.new"
    mv "$prefix/bin/gongkai.new" "$prefix/bin/gongkai"
}

ask_for_the_body() {
    [ -z "$agency" ] || [ -z "$name" ] || [ -z "$level" ] || return 0
    [ -t 0 ] || fail "第一次安装要写明本机关：--agency 代码 --name 名称 --level 级别（sh install.sh --help）"
    [ -n "$agency" ] || { printf '本机关的代码（字母、数字，例如 panlong）：'; read -r agency; }
    [ -n "$name" ] || { printf '本机关的名称：'; read -r name; }
    [ -n "$level" ] || { printf '级别（乡镇写 township，县写 county）：'; read -r level; }
}

# The store before an upgrade, in one file; its name is kept with the new version for --rollback --restore. Where an
# upgrade was cut off, the old version may have gone on since: so it is made again, and only where that cannot be
# any more does the earlier one count.
save_store() {
    note=$prefix/versions/$version/upgraded-from
    file=$prefix/backups/before-$version.$(date +%Y%m%d-%H%M%S)
    say "正在备份 $old 的数据……"
    if gongkai_of "$old" backup "$file"; then
        say "备份和它的密钥（$file.keys）请尽快抄到别处，分开存放"
        printf '%s\n%s\n' "$old" "$file" >"$note.new"
        mv "$note.new" "$note"
    elif [ -e "$note" ] && [ "$(sed -n 1p "$note")" = "$old" ]; then
        say "上次升级到一半，用那时的备份：$(sed -n 2p "$note")"
    else
        fail "没有备份成，没有升级"
    fi
}

set_up() {
    version=$(sed -n 1p "$here/VERSION")
    old=$(linked current)
    [ -n "$old" ] || ask_for_the_body
    check_sums
    find_python
    make_user
    mkdir -p "$prefix"
    hold
    make_places
    as_user "$python" -c pass 2>/dev/null ||
        fail "用户 $user 不能运行 $python：请换一个所有用户都能运行的 Python，用 --python 指明"
    make_version
    if [ -z "$old" ]; then
        set -- --agency "$agency" --name "$name" --level "$level"
        [ -z "$region" ] || set -- "$@" --region "$region"
        gongkai_of "$version" init --if-new "$@"
    elif [ "$old" != "$version" ]; then
        # It looks only; the backup comes next.
        gongkai_of "$version" upgrade --check --without-backup || fail "没有升级，现用的仍是 $old"
        stop
        save_store
        say "正在从 $old 升级到 $version……"
        gongkai_of "$version" migrate || fail "没有升级成：数据见上面的说明，现用的仍是 $old"
        point previous "$old"
    fi
    if [ "$old" = "$version" ]; then
        say "已经是 $version"
        if answers; then return; fi
    fi
    point current "$version"
    start
    say "已安装 $version：$prefix"
}

roll_back() {
    new=$(linked current) old=$(linked previous)
    if [ -z "$new" ] || [ -z "$old" ] || [ "$old" = "$new" ]; then fail "没有可以退回的版本"; fi
    [ -e "$prefix/versions/$old/complete" ] || fail "$old 已经不完整，不能退回"
    python=$prefix/versions/$new/venv/bin/python
    hold
    if [ $restore = no ] && ! can_read; then
        fail "$new 改变了数据库的结构，$old 读不了现在的数据，没有退回。
可以加 --restore，把升级前的备份放回来：升级之后收到和办理的申请不在其中，现在的数据另存在 $prefix 下"
    fi
    stop
    if [ $restore = yes ]; then put_back; fi
    point current "$old"
    rm -f "$prefix/previous" "$prefix/versions/$new/upgraded-from"
    start
    say "已退回 $old"
}

# Whether the old version can work with the store as it is now.
can_read() {
    [ "$(shape_of "$old")" != "$(shape_of "$new")" ] || return 0
    gongkai_of "$old" upgrade --check --without-backup
}

# What there is is moved aside, never deleted.
put_back() {
    file=$(sed -n 2p "$prefix/versions/$new/upgraded-from")
    if [ -z "$file" ] || [ ! -e "$file" ]; then fail "没有找到升级前的备份：$file"; fi
    aside=$prefix/data.of-$new
    if [ ! -e "$aside" ]; then
        mv "$prefix/data" "$aside"
    fi
    make_folder "$prefix/data" 700 "$user"
    gongkai_of "$old" restore "$file" || fail "备份没有放回来，现用的仍是 $new，它的数据在 $aside"
    say "升级之后的数据另存在 $aside"
}

# One at a time: the lock goes with the process.
hold() {
    exec 9>>"$prefix/.lock"
    if command -v flock >/dev/null 2>&1; then
        flock -n 9 || fail "另一个安装还在进行"
    fi
}

if [ $rollback = yes ]; then roll_back; else set_up; fi
