"""The tables of annual reports: the register of the year and the versions of a report."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment
from workflow.store.shaped import TEXT_BY_NAME, Shaped, object_with, objects_with


class YearEntryRow(Base):
    """An entry of a body's register of the year: for table 二 (item and kind) or a text (topic in item,
    kind `text`). Append-only: a later row with `replaces` takes its place, or takes it back.
    published_on: of a document that was made, the day on which it was published (条例26)."""

    __tablename__ = "year_entry"
    __table_args__ = (Index("ix_year_entry_agency_id_year", "agency_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer, default=1)
    amount_yuan: Mapped[str | None] = mapped_column(String(20))
    published_on: Mapped[date | None] = mapped_column(Date)
    replaces: Mapped[int | None] = mapped_column(ForeignKey("year_entry.id"))
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False)
    actor: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Moment())


class ReportVersionRow(Base):
    """A version of a body's report on a year. figures: frozen when it is signed. behind: by format and
    table, what stood behind every cell then; long, and read a cell at a time. steps: the log of its life;
    texts: the clerk's own words by section; overrides: numbers put in by hand."""

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("agency_id", "year", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    texts: Mapped[dict[str, Any]] = mapped_column(Shaped(TEXT_BY_NAME))
    overrides: Mapped[list[dict[str, Any]]] = mapped_column(
        Shaped(objects_with("table", "row", "column", "value", "reason", "by"))
    )
    figures: Mapped[dict[str, Any] | None] = mapped_column(
        Shaped(object_with("format", "tables", "sheets", "sections"), none_as_null=True)
    )
    behind: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Shaped(objects_with("step", "by", "at")))
