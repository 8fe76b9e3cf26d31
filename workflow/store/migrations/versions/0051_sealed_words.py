"""Names, requests and the words of logs may lie sealed: who asks is found by a keyed hash of the name.

Revision: 0051, after 0050. The hashes can only be made with the installation's secret, which no migration knows:
`migrate_office` fills them in. A sealed text is longer than what was typed, which only PostgreSQL minds. Going back
needs a store whose words lie plain (`gongkai key unseal-texts`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_LONGER = (("applicant", "name"), ("applicant", "description"), ("case", "applicant_now"))
_WORDS = (
    ("applicant", "name", ""), ("applicant", "description", ""), ("case", "applicant_now", ""),
    ("case", "request", ""), ("case", "items", '["'), ("event", "fields", '"'),
)  # fmt: skip


class WordsAreSealed(RuntimeError):
    """The earlier version would read what is sealed as if it were the words."""


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        for table, column in _LONGER:
            op.alter_column(table, column, type_=sa.Text(), existing_type=sa.String(200))
    op.add_column("applicant", sa.Column("name_hash", sa.String(64), nullable=True))
    op.drop_index("ix_applicant_name", "applicant")
    op.drop_index("ix_applicant_unproved", "applicant")
    op.create_index("ix_applicant_name_hash", "applicant", ["name_hash"])
    _index_unproved("name_hash")


def downgrade() -> None:
    _ask_whether_plain()
    op.drop_index("ix_applicant_unproved", "applicant")
    op.drop_index("ix_applicant_name_hash", "applicant")
    op.drop_column("applicant", "name_hash")
    op.create_index("ix_applicant_name", "applicant", ["name"])
    _index_unproved("name")
    if op.get_context().dialect.name != "sqlite":
        for table, column in _LONGER:
            op.alter_column(table, column, type_=sa.String(200), existing_type=sa.Text())


def _index_unproved(first: str) -> None:
    known = sa.text("identity IS NULL")
    op.create_index(
        "ix_applicant_unproved",
        "applicant",
        [first, "citizen", "case_id"],
        sqlite_where=known,
        postgresql_where=known,
    )


def _ask_whether_plain() -> None:
    for table, column, lead in _WORDS:
        kept = sa.cast(sa.column(column), sa.Text)
        query = sa.select(sa.literal(1)).select_from(sa.table(table)).where(kept.like(f"{lead}sealed-%"))
        if op.get_bind().execute(query.limit(1)).first():
            raise WordsAreSealed(f"{table}.{column}: run gongkai key unseal-texts first")
