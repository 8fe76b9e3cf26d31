"""The tables of what other systems are told: to which addresses, and what was delivered (数据推送)."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.message_models import Told
from workflow.store.models import Base, Moment
from workflow.store.shaped import TEXTS, Shaped


class HookRow(Base):
    """An address of another system that is told what happens to the cases of a body.

    below: also to those of the bodies below. events: names of the law's table; None: all. sealed: address and secret, with
    the secrets of before and until when each signs as well. failures: deliveries in a row that did not arrive, 0 since the last
    that did.
    """

    __tablename__ = "hook"
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    below: Mapped[bool] = mapped_column(Boolean, default=False)
    events: Mapped[list[str] | None] = mapped_column(Shaped(TEXTS, none_as_null=True))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    created_at: Mapped[datetime] = mapped_column(Moment())
    failures: Mapped[int] = mapped_column(Integer, default=0)
    last_ok_at: Mapped[datetime | None] = mapped_column(Moment())
    last_failed_at: Mapped[datetime | None] = mapped_column(Moment())
    problem: Mapped[str] = mapped_column(Told(200), default="")
    alarmed_at: Mapped[datetime | None] = mapped_column(Moment())


class HookDeliveryRow(Base):
    """One event on its way to one address. It holds body, number, state and days of a case, never a name or a content.

    key: the same as often as it is sent, by which the receiver knows a second copy. case_id: None for a test. payload: the
    JSON that is sent, made with the event. state: waiting, claimed, sent, failed (given up). not_before: the earliest moment
    to send. status: what the receiver answered last; None: nothing; 0: it could not be reached.
    """

    __tablename__ = "hook_delivery"
    __table_args__ = (
        Index("ix_hook_delivery_outbox", "state", "not_before"),
        Index("ix_hook_delivery_record", "hook_id", "id"),
        Index("ix_hook_delivery_case_id", "case_id", "hook_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("hook.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    about: Mapped[str] = mapped_column(String(32), default="")
    event: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    not_before: Mapped[datetime] = mapped_column(Moment())
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment())
    tried_at: Mapped[datetime | None] = mapped_column(Moment())
    done_at: Mapped[datetime | None] = mapped_column(Moment())
    status: Mapped[int | None] = mapped_column(Integer)
    problem: Mapped[str] = mapped_column(Told(200), default="")
