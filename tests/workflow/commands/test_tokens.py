"""`gongkai token`: create, list, revoke."""

import json

import pytest
from click.testing import CliRunner, Result

from gongkai import main


@pytest.fixture
def gongkai(tmp_path, monkeypatch):
    """The command over a new store with an administrator."""
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("GONGKAI_DATABASE_URL", raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    made = run("init", "--agency", "panlong", "--name", "盘龙彝族乡人民政府", "--level", "township")
    assert made.exit_code == 0, made.output
    return run


def _listed(gongkai) -> list[dict]:
    return json.loads(gongkai("token", "list", "--json").stdout)


def test_create_prints_the_token_alone(gongkai):
    done = gongkai("token", "create", "--user", "admin")
    assert done.exit_code == 0 and len(done.stdout.split()) == 1
    [token] = _listed(gongkai)
    assert token["scopes"] == ["read", "write"] and token["good"]
    assert done.stdout.strip() not in json.dumps(token)


def test_scope_and_days_are_kept(gongkai):
    gongkai("token", "create", "--user", "admin", "--scope", "read", "--days", "7")
    [token] = _listed(gongkai)
    assert token["scopes"] == ["read"]
    assert token["expires_at"][:10] > token["created_at"][:10]


def test_what_it_is_for_and_why_it_ended_are_listed(gongkai):
    gongkai("token", "create", "--user", "admin", "--name", "公文系统")
    assert "admin  公文系统  read、write" in gongkai("token", "list").stdout
    assert "最近使用 没有用过  有效" in gongkai("token", "list").stdout
    [token] = _listed(gongkai)
    assert (token["name"], token["state"], token["ended_by"]) == ("公文系统", "waiting", "")
    gongkai("token", "revoke", "1")
    [token] = _listed(gongkai)
    assert (token["state"], token["ended_by"]) == ("ended", "operator")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--user", "nobody"), 1),
        (("--user", "admin", "--name", "长" * 41), 1),
        (("--user", "admin", "--scope", "everything"), 2),
        (("--user", "admin", "--days", "366"), 2),
        (("--user", "admin", "--days", "0"), 2),
        ((), 2),
    ],
)
def test_what_makes_no_token(gongkai, words, code):
    assert gongkai("token", "create", *words).exit_code == code
    assert _listed(gongkai) == []


def test_a_revoked_token_is_good_no_longer(gongkai):
    gongkai("token", "create", "--user", "admin")
    gongkai("token", "create", "--user", "admin")
    assert gongkai("token", "revoke", "1").exit_code == 0
    first, second = _listed(gongkai)
    assert (first["good"], second["good"]) == (False, True) and first["revoked_at"]
    assert gongkai("token", "revoke", "1").exit_code == 0
    assert _listed(gongkai)[0] == first
    assert gongkai("token", "revoke", "9").exit_code == 1
    assert "已失效" in gongkai("token", "list").stdout
    assert _listed(gongkai) and not json.loads(
        gongkai("token", "list", "--user", "x", "--json").stdout
    )
