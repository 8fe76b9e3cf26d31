"""What the reports see of a case in one word, and how many cases of a body have it; and what stands behind
the cells of a signed report in a column of its own, which most pages do not read.

Revision: 0018, after 0017. The words follow from the logs, which no migration reads: `migrate_office`
folds every case once and counts them (the stamp `counts` says that it is done).
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("counted_as", sa.String(length=1000), nullable=True))
    op.drop_index("ix_case_tally", "case")
    op.create_index("ix_case_tally", "case", ["agency_id", "received_on", "number", "counted_as"])
    op.create_index(
        "ix_case_counted",
        "case",
        ["agency_id", "counted_as", "received_on", "number", "closed_on"],
    )
    op.create_table(
        "kept_count",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=1000), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_kept_count_agency_id_agency"),
        sa.PrimaryKeyConstraint("agency_id", "word", name="pk_kept_count"),
    )
    op.add_column("report_version", sa.Column("behind", sa.JSON(), nullable=True))
    for key, figures, _ in _signed():
        sheets = figures.get("sheets") or {}
        behind = {fmt: sheet.pop("behind") for fmt, sheet in sheets.items() if "behind" in sheet}
        _write(key, figures=figures, behind=behind or None)


def downgrade() -> None:
    for key, figures, behind in _signed():
        for fmt, found in (behind or {}).items():
            figures["sheets"][fmt]["behind"] = found
        _write(key, figures=figures)
    op.drop_column("report_version", "behind")
    op.drop_table("kept_count")
    op.drop_index("ix_case_counted", "case")
    op.drop_index("ix_case_tally", "case")
    op.create_index("ix_case_tally", "case", ["agency_id", "received_on", "closed_on"])
    op.drop_column("case", "counted_as")
    op.execute(sa.text("DELETE FROM stamp WHERE name = 'counts'"))


_VERSION = sa.table(
    "report_version",
    sa.column("id", sa.Integer),
    sa.column("figures", sa.JSON(none_as_null=True)),
    sa.column("behind", sa.JSON(none_as_null=True)),
)


def _signed() -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
    """Id, figures and what is behind them of every version whose figures are frozen, one at a time."""
    connection = op.get_bind()
    ids = sa.select(_VERSION.c.id).where(_VERSION.c.figures.is_not(None))
    for key in connection.scalars(ids).all():
        row = connection.execute(sa.select(_VERSION).where(_VERSION.c.id == key)).one()
        yield key, row.figures, row.behind


def _write(key: int, **values: Any) -> None:
    op.get_bind().execute(sa.update(_VERSION).where(_VERSION.c.id == key).values(values))
