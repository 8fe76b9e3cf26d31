"""A copy of an installation takes every key along."""

import pytest

from workflow.service.copying import CannotCopy, _key_along
from workflow.store.key_folder import KeyFolder


def test_every_key_goes_along_and_none_is_overwritten(tmp_path, monkeypatch):
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    data, new = tmp_path / "data", tmp_path / "new"
    place, urls = KeyFolder(data), [f"sqlite:///{one / 'gongkai.db'}" for one in (data, new)]
    (now,) = place.keys()
    following = now.next("aes")
    place.prepare(following)
    place.take(now, following)
    new.mkdir()
    assert _key_along(*urls, data) == new / "secret.key"
    assert {one.name: one.read_bytes() for one in new.iterdir()} == {
        one.name: one.read_bytes() for one in place.files()
    }
    assert {one.stat().st_mode & 0o777 for one in new.iterdir()} == {0o600}
    (new / "secret.key").unlink()
    assert _key_along(*urls, data) == new / "secret.key" and len(list(new.iterdir())) == 2
    (new / "secret.key").unlink()
    (new / "secret.key.0").write_bytes(b"another")
    with pytest.raises(CannotCopy, match=r"secret\.key\.0 是另一个库的密钥"):
        _key_along(*urls, data)
    assert not (new / "secret.key").exists()
    assert _key_along(urls[0], urls[0], data) == data / "secret.key"
    monkeypatch.setenv("GONGKAI_SECRET", "kq7WdRz0vXn3TfYbLs8c")
    assert _key_along(*urls, data) is None
