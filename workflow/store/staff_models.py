"""The tables of what is changed of people and bodies, of who stands in for whom, of the units of a body, and of what
people had typed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.models import Base, Moment
from workflow.store.shaped import OBJECT, Shaped


class AuditRow(Base):
    """One change of people, roles or bodies, or one look at the data of an applicant (审计): who did what, when,
    and in which body. Append-only and chained as the log of a case is; id: its number in the chain, without gaps.

    actor: a user name, or `system` for the operator. action: a word of `audit` in words.toml. about: the user
    name, or the code of the body, that was changed; the number of the case that was looked at. details: what else there is to say, never a
    password and never anything of an applicant.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_agency_id", "agency_id", "id"),
        Index("ix_audit_about", "about", "agency_id"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    actor: Mapped[str] = mapped_column(String(64))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    action: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(Shaped(OBJECT))
    hash: Mapped[str] = mapped_column(String(80))


class StandInRow(Base):
    """A role that a person holds for a time in place of another one (代理): user_id is away, deputy_id acts.
    It ends by itself after `last`; ended_at: it was ended before. Never deleted: the log names whom an act
    was for, this says why that could be."""

    __tablename__ = "stand_in"
    __table_args__ = (Index("ix_stand_in_deputy_id", "deputy_id", "last"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(32))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())


class UnitRow(Base):
    """A unit of a body (科室), with who heads it, if anybody. ended_at: it is no more; its name stays in the
    cases that were assigned to it."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_agency_id", "agency_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str] = mapped_column(String(100))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    members: Mapped[list["UnitMemberRow"]] = relationship(cascade="all, delete-orphan")


class UnitMemberRow(Base):
    """Who works in a unit."""

    __tablename__ = "unit_member"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)


class KeptFormRow(Base):
    """What somebody had typed into a page of the desk when the session had ended; kept until it is sent, or
    until the person does not want it (`workflow.service.kept_forms`). sealed: encrypted, with its page."""

    __tablename__ = "kept_form"
    __table_args__ = (
        Index("ix_kept_form_user_id", "user_id", "kept_at"),
        Index("ix_kept_form_kept_at", "kept_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kept_at: Mapped[datetime] = mapped_column(Moment())
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
