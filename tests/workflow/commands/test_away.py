"""A database that cannot be reached when a command starts: one line in Chinese and exit code 2."""

import socket

import pytest
from click.testing import CliRunner

from gongkai import main
from workflow.store.trouble import AWAY, in_words

COMMANDS = (
    "serve", "worker", "verify", "migrate", "agency list", "calendar list", "demo --fill",
    "tally --agency a --year 2024", "sum --agency a --year 2024", "simulate --cases 5",
    "token create --user a", "init --agency a --name 甲 --level county --region 乙",
)  # fmt: skip


def nobody() -> str:
    """An address at which no database listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return f"postgresql+psycopg://127.0.0.1:{door.getsockname()[1]}/none"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_without_its_database_says_so_in_one_line(tmp_path, command):
    env = {"GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_DATABASE_URL": nobody()}
    found = CliRunner().invoke(main, command.split(), env=env)
    assert found.exit_code == 2 and isinstance(found.exception, SystemExit)
    assert "Traceback" not in found.output
    assert found.stderr.strip().splitlines()[-1] == in_words(AWAY)
