"""The tables of the store. The case row is a fold of its log; the log is append-only and chained."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    mapped_column,
    relationship,
)

from workflow.dates import SHANGHAI
from workflow.store.dialect import only_where
from workflow.store.shaped import OBJECT, TEXTS, TEXTS_OR_NONE, Shaped, objects_with
from workflow.store.words import WordsList, WordsObject, WordsText


class Moment(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back in China's time, on databases with and without zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC).astimezone(SHANGHAI)


class Base(DeclarativeBase):
    """Every constraint has a name, so that migrations can alter it on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class AgencyRow(Base):
    """A body (机关). Bodies form a tree: parent is the supervising one.

    since, until: its first and last day, None where nothing is known of one; successor: code of the body
    that goes on with its duties (until None: with the duties alone). former_names: [{name, until}], each
    name with its last day, the first one first.
    """

    __tablename__ = "agency"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(32))
    region: Mapped[str | None] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    takes_requests: Mapped[bool] = mapped_column(Boolean, default=True)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    successor: Mapped[str | None] = mapped_column(String(64))
    former_names: Mapped[list[dict[str, str]] | None] = mapped_column(
        Shaped(objects_with("name", "until"), optional=True)
    )
    predecessors: Mapped[list["AgencyRow"]] = relationship(
        primaryjoin="AgencyRow.code == remote(foreign(AgencyRow.successor))",
        viewonly=True,
    )

    def name_on(self, day: date) -> str:
        """The name that it bore on the day: old papers keep the old name."""
        return name_on(self.former_names or (), day) or self.name

    def ended_by(self, day: date) -> bool:
        """It is no more on the day, and another body goes on with its duties."""
        return self.until is not None and self.until < day


def name_on(former_names: Iterable[dict[str, str]], day: date) -> str | None:
    """The former name that held on the day; None: the one of today did."""
    return next(
        (one["name"] for one in former_names if day <= date.fromisoformat(one["until"])), None
    )


class UserRow(Base):
    """A member of staff. No password: cannot log in (people of a replayed docket). earlier_passwords: hashes
    of the last ones, newest first, none of which may come back. made_in: code of the body whose administrator
    made the account; it belongs there as long as it holds no role. password_set_at: since when the password of
    today holds. session_stamp: changes whenever all sessions of the person end, so that a login that was begun ends too."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    password_set_at: Mapped[datetime | None] = mapped_column(Moment())
    session_stamp: Mapped[str] = mapped_column(String(32), default="")
    earlier_passwords: Mapped[list[str] | None] = mapped_column(Shaped(TEXTS, none_as_null=True))
    last_login_at: Mapped[datetime | None] = mapped_column(Moment())
    made_in: Mapped[str | None] = mapped_column(String(64))
    roles: Mapped[list["RoleRow"]] = relationship(cascade="all, delete-orphan")


class RoleRow(Base):
    """A role that a person holds in a body."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("user_id", "agency_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[str] = mapped_column(String(32), index=True)
    agency: Mapped[AgencyRow] = relationship()


class TokenRow(Base):
    """A bearer token of the API: only its hash is kept. scopes: words with blanks between.

    last_used_at is written when the token writes, at most once an hour: reading writes nothing.
    """

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    scopes: Mapped[str] = mapped_column(
        String(64), default="read write", server_default="read write"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    last_used_at: Mapped[datetime | None] = mapped_column(Moment())
    user: Mapped[UserRow] = relationship()


class SettingRow(Base):
    """A setting of law.md §11 that a body chose, from a day on. Append-only: of several rows for the
    same day the last one counts, the others are its history. recorded_at None: before it was kept."""

    __tablename__ = "agency_setting"
    __table_args__ = (Index("ix_agency_setting_agency_id_name", "agency_id", "name", "holds_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON)
    holds_from: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    actor: Mapped[str] = mapped_column(String(64), default="system")
    recorded_at: Mapped[datetime | None] = mapped_column(Moment())


class CalendarDayRow(Base):
    """A day that a body's own notice makes work or rest; works None: no longer. Append-only: the last
    row for a day counts, the others are its history."""

    __tablename__ = "calendar_day"
    __table_args__ = (Index("ix_calendar_day_agency_id_day", "agency_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    day: Mapped[date] = mapped_column(Date)
    works: Mapped[bool | None] = mapped_column(Boolean)
    source: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(64), default="system")
    recorded_at: Mapped[datetime | None] = mapped_column(Moment())


class NationalDayRow(Base):
    """A day that a notice of the State Council names, as an operator loaded it; works None: it does not
    name it any more. Append-only (workflow.rules.national.in_force says what holds)."""

    __tablename__ = "national_day"
    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[str] = mapped_column(String(200))
    year: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    works: Mapped[bool | None] = mapped_column(Boolean)
    actor: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Moment())


class PublishedYearRow(Base):
    """A year whose report a body has published: its settings and calendar are frozen.

    settings: all of them as they held on 31 December; calendar: fingerprint of its working days.
    """

    __tablename__ = "published_year"
    __table_args__ = (UniqueConstraint("agency_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int] = mapped_column(Integer)
    published_at: Mapped[datetime] = mapped_column(Moment())
    settings: Mapped[dict[str, Any]] = mapped_column(Shaped(OBJECT))
    calendar: Mapped[str] = mapped_column(String(64))


class StampRow(Base):
    """What the store remembers of itself: which rules and which calendars its case rows follow."""

    __tablename__ = "stamp"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


TIED = (
    "has_proceedings OR redo_of IS NOT NULL OR joint_letter IS NOT NULL OR merged_into IS NOT NULL"
)
"""Cases that count together with others or stand in table 四: few, and asked for whenever tables are
counted. An index that holds them alone is used by queries that say the same words."""


OTHER_REGISTERS = "kind <> 'application'"
"""Cases of the other registers: few, with an index of their own."""


WAITING = (
    "agency_id", "waits_for", "next_due", "number", "state", "kind", "held_by", "assigned_to",
    "length", "news_at", "news_by", "uploaded_at",
)  # fmt: skip
"""What the desk counts of the open cases: an index of these columns answers it without their rows."""


class CaseRow(Base):
    """One application. Below `opened_on` every column follows from the log.

    Its number is that of its body for ever; held_by: code of the body to which it was transferred since.

    query_hash: a keyed hash of number and query code, by which its applicant finds it; None until
    `migrate_office` has seen a case of an older store. code_turn: how often the code was renewed. uploaded_at: when its applicant last sent a paper.
    waits_for: who is to act (workflow.case.waiting); None where it is over.

    seal: a keyed hash of what the case is besides its log, head_seal: of where its log ends, moved_seal: that of the last
    change of its due days (workflow.store.seals). None: of an older store, and its log did not hold.
    """

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("agency_id", "number"),
        Index("ix_case_worklist", "agency_id", "next_due", "number", "waits_for"),
        Index("ix_case_state", "agency_id", "state", "next_due", "number"),
        Index(
            "ix_case_register",
            "agency_id",
            "kind",
            "next_due",
            "number",
            **only_where(OTHER_REGISTERS),
        ),
        Index("ix_case_tally", "agency_id", "received_on", "number", "counted_as"),
        Index("ix_case_counted", "agency_id", "counted_as", "received_on", "number", "closed_on"),
        Index("ix_case_query_hash", "query_hash", unique=True),
        Index("ix_case_tied", "agency_id", **only_where(TIED)),
        Index("ix_case_redo_of", "agency_id", "redo_of", **only_where("redo_of IS NOT NULL")),
        Index(
            "ix_case_merged_into",
            "agency_id",
            "merged_into",
            **only_where("merged_into IS NOT NULL"),
        ),
        Index("ix_case_followed", "agency_id", **only_where("applicant_now IS NOT NULL")),
        Index("ix_case_waiting", *WAITING, **only_where("waits_for IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    request: Mapped[str] = mapped_column(WordsText("case.request"))
    items: Mapped[list[str]] = mapped_column(WordsList("case.items"))
    delivery: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    medium: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    joint_letter: Mapped[str | None] = mapped_column(String(64))
    redo_of: Mapped[str | None] = mapped_column(String(32))
    redo_due: Mapped[date | None] = mapped_column(Date)
    redo_mode: Mapped[str | None] = mapped_column(String(16))
    submit_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_salt: Mapped[str] = mapped_column(String(32))
    query_hash: Mapped[str | None] = mapped_column(String(64))
    code_turn: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    submitted_at: Mapped[datetime] = mapped_column(Moment())
    opened_on: Mapped[date] = mapped_column(Date)

    state: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    received_on: Mapped[date | None] = mapped_column(Date)
    reply_due: Mapped[date | None] = mapped_column(Date)
    next_due: Mapped[date | None] = mapped_column(Date)
    next_due_kind: Mapped[str] = mapped_column(String(16), default="")
    waiting_until: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(String(40))
    result_row: Mapped[str | None] = mapped_column(String(40))
    columns: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    item_rows: Mapped[list[str | None]] = mapped_column(Shaped(TEXTS_OR_NONE))
    proceedings: Mapped[list[dict[str, Any]]] = mapped_column(
        Shaped(objects_with("number", "kind", "filed_on"))
    )
    has_proceedings: Mapped[bool] = mapped_column(Boolean, default=False)
    merged_into: Mapped[str | None] = mapped_column(String(32))
    applicant_now: Mapped[str | None] = mapped_column(WordsText("case.applicant_now", 200))
    held_by: Mapped[str | None] = mapped_column(String(64), index=True)
    moved_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_unaccepted: Mapped[bool] = mapped_column(Boolean, default=False)
    counted_as: Mapped[str | None] = mapped_column(String(1000))
    assigned_to: Mapped[str | None] = mapped_column(String(200))
    waits_for: Mapped[str | None] = mapped_column(String(200))
    news: Mapped[str | None] = mapped_column(String(40))
    news_at: Mapped[datetime | None] = mapped_column(Moment())
    news_by: Mapped[str | None] = mapped_column(String(64))
    uploaded_at: Mapped[datetime | None] = mapped_column(Moment())
    length: Mapped[int] = mapped_column(Integer, default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    seal: Mapped[str | None] = mapped_column(String(80))
    head_seal: Mapped[str | None] = mapped_column(String(80))
    moved_seal: Mapped[str | None] = mapped_column(String(80))
    if TYPE_CHECKING:
        some_were_followed: Mapped[bool]

    agency: Mapped[AgencyRow] = relationship()
    holder: Mapped[AgencyRow | None] = relationship(
        primaryjoin="foreign(CaseRow.held_by) == AgencyRow.code", viewonly=True
    )
    applicants: Mapped[list["ApplicantRow"]] = relationship(
        order_by="ApplicantRow.position", cascade="all, delete-orphan"
    )
    log: Mapped[list["EventRow"]] = relationship(order_by="EventRow.seq")
    watched: Mapped[list["WatchedDayRow"]] = relationship(viewonly=True)

    @property
    def body(self) -> AgencyRow:
        """The body that handles the case: the one to which it was transferred, else that of its number."""
        return (self.holder if self.held_by else None) or self.agency


_other = CaseRow.__table__.alias()
CaseRow.some_were_followed = column_property(
    select(_other.c.id)
    .where(_other.c.agency_id == CaseRow.agency_id, _other.c.applicant_now.is_not(None))
    .correlate_except(_other)
    .exists(),
    deferred=True,
)
"""Whether in any case of the body somebody took the applicant's place."""


class WatchedDayRow(Base):
    """A day of a case that somebody must be reminded of (workflow/reminders/watched.py). Follows from the log, as
    the case row does: what is due on a day is a range of this table's index."""

    __tablename__ = "watched_day"
    __table_args__ = (Index("ix_watched_day_window", "agency_id", "kind", "day", "case_id"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))


class ApplicantRow(Base):
    """Who asks. Proof of identity and contact are sealed (encrypted), the name where the installation wants it.
    identity: a keyed hash of the proof in its normal form, by which one person's applications are found; where it is
    unknown by name_hash, that of the name. filed_as: the name with which the case began, where it was put right
    since."""

    __tablename__ = "applicant"
    __table_args__ = (
        Index("ix_applicant_unproved", "name_hash", "citizen", "case_id", **only_where("identity IS NULL")),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(WordsText("applicant.name", 200))
    name_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    filed_as: Mapped[str | None] = mapped_column(WordsText("applicant.filed_as", 200))
    citizen: Mapped[bool] = mapped_column(Boolean)
    category: Mapped[str | None] = mapped_column(String(32))
    description: Mapped[str | None] = mapped_column(WordsText("applicant.description", 200))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity: Mapped[str | None] = mapped_column(String(64), index=True)


class EventRow(Base):
    """One line of a case's log. `once` makes a repeated call apply its event only once. stands_for: the user
    name of who was away and for whom the actor did it in that role; None: in a role of their own. hash: chains it to the
    line before it; seal: a keyed hash over that (workflow.store.seals)."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "seq"), UniqueConstraint("case_id", "once"))
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int] = mapped_column(Integer)
    event: Mapped[str] = mapped_column(String(40))
    on: Mapped[date] = mapped_column(Date)
    fields: Mapped[dict[str, Any]] = mapped_column(WordsObject("event.fields"))
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    filled: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    once: Mapped[str | None] = mapped_column(String(64))
    stands_for: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str | None] = mapped_column(String(80))


# So that all tables are known whichever is asked for first: a key may point to any of them.
from workflow.store import account_models as account_models  # noqa: E402
from workflow.store import begun_models as begun_models  # noqa: E402
from workflow.store import call_models as call_models  # noqa: E402
from workflow.store import count_models as count_models  # noqa: E402
from workflow.store import desk_models as desk_models  # noqa: E402
from workflow.store import destruction_models as destruction_models  # noqa: E402
from workflow.store import due_change_models as due_change_models  # noqa: E402
from workflow.store import factor_models as factor_models  # noqa: E402
from workflow.store import file_models as file_models  # noqa: E402
from workflow.store import journal_models as journal_models  # noqa: E402
from workflow.store import ledger_models as ledger_models  # noqa: E402
from workflow.store import letter_models as letter_models  # noqa: E402
from workflow.store import message_models as message_models  # noqa: E402
from workflow.store import note_models as note_models  # noqa: E402
from workflow.store import parcel_models as parcel_models  # noqa: E402
from workflow.store import picture_models as picture_models  # noqa: E402
from workflow.store import released_models as released_models  # noqa: E402
from workflow.store import report_models as report_models  # noqa: E402
from workflow.store import session_models as session_models  # noqa: E402
from workflow.store import staff_models as staff_models  # noqa: E402
from workflow.store import supervision_models as supervision_models  # noqa: E402
from workflow.store import thread_models as thread_models  # noqa: E402
