"""Versions that come after this one: its migrations and one or two more."""

import shutil
from pathlib import Path

from workflow.store.migrate import newest
from workflow.store.standing_file import FOLDER
from workflow.store.steps import FILE

EXPANDED, CONTRACTED = "9998", "9999"
_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
"""
_EXPANDS = (
    'op.add_column("case", sa.Column("colour", sa.String(8), nullable=True)); '
    'op.create_table("hue", sa.Column("id", sa.Integer, primary_key=True))'
)
_BACK = 'op.drop_table("hue"); op.drop_column("case", "colour")'
_CONTRACTS = 'op.drop_column("due_change", "reason")'


def later_version(folder: Path, *, contracts: bool = False) -> Path:
    """The migrations of the next version, which only adds; or of the one after it, which takes something away."""
    made = shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    _add(made, EXPANDED, newest(), _EXPANDS, _BACK,
         'says = "案卷可以有颜色"\nlost = "案卷的颜色"\nside_by_side = true\nback = true')  # fmt: skip
    if contracts:
        _add(made, CONTRACTED, EXPANDED, _CONTRACTS, "pass", 'says = "不再保留期限变动的理由"')
    return made


def _add(folder: Path, revision: str, before: str, up: str, down: str, row: str) -> None:
    (folder / "versions" / f"{revision}_later.py").write_text(
        _MIGRATION.format(revision=revision, before=before, up=up, down=down), encoding="utf-8"
    )
    with (folder / FILE).open("a", encoding="utf-8") as table:
        table.write(f'\n["{revision}"]\n{row}\n')
