"""Settings of a body: what is in force and since when, changing one, freezing those of a year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_

from config.law import SettingRule
from workflow import dates
from workflow.files.crest import Crest
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.rules.rulebook import Rulebook
from workflow.rules.settings import Choice, Standing, change_in_words, last_day, standing
from workflow.service.messages.taking_back import TakingBack, with_those_above
from workflow.service.office import Missing, Office
from workflow.service.rules.due_changes import recompute, take_back_of_bodies
from workflow.store import messages as message_queries
from workflow.store import public
from workflow.store.models import AgencyRow, CaseRow, PublishedYearRow, SettingRow
from workflow.store.picture_models import PictureRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

MAX_REASON = 500
MANAGE = "manage_bodies"
"""The action of who sees to a body: of the own one, or of those below."""


@dataclass(frozen=True)
class Group:
    """Settings that stand together on a page."""

    name: str
    label: str
    settings: list[Standing]


@dataclass(frozen=True)
class Changed:
    """A setting that was changed, and how many due days moved with it."""

    standing: Standing
    moved: int


class BodySettings:
    """The use cases around the settings of law.md §11 and the body's own texts."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law
        self._texts: dict[tuple[str, date, str], dict[str, str]] = {}

    # -- reading ------------------------------------------------------------------------------------

    def bodies(self, staff: Staff) -> list[tuple[str, str]]:
        """Code and name of the bodies whose settings the person may read: the own ones."""
        names = self.office.listing().names
        return [(code, names[code]) for code in staff.roles if code in names]

    def in_force(self, agency: str, day: date | None = None) -> list[Group]:
        """All settings of a body as they stand on the day (default: today). Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            found = self._standings(unit, body, day or self.office.today())
        groups = [
            Group(name, label, [one for one in found.values() if one.rule.group == name])
            for name, label in self.law.setting_groups.items()
        ]
        return [group for group in groups if group.settings]

    def one(self, agency: str, name: str, day: date | None = None) -> Standing:
        """One setting as it stands on the day (default: today). Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            self._rule(name)
            return self._standings(unit, body, day or self.office.today())[name]

    def texts(self, agency: str, day: date | None = None) -> dict[str, str]:
        """The body's own words for letters and pages on the day (default: today), by name. Kept until a
        setting changes, as the rules are: every page asks for them."""
        day = day or self.office.today()
        with self.office.store.read() as unit:
            key = (unit.rules_mark, day, agency)
            found = self._texts.get(key)
            if found is None:
                body = self.office.found_agency(unit, agency)
                found = self._texts_in(self.office.rules(unit, body, day))
                known = {one: texts for one, texts in self._texts.items() if one[:2] == key[:2]}
                self._texts = known | {key: found}
            return found

    def _texts_in(self, rules: Rulebook) -> dict[str, str]:
        shown = (name for name, rule in self.law.settings.items() if rule.shown_only)
        return {name: str(rules[name]) for name in shown}

    def published(self, agency: str) -> list[int]:
        """The published years of a body."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            return [row.year for row in unit.published_years([body.id])]

    def names(self, standings: Iterable[Standing]) -> dict[str, str]:
        """The names of those who set something, by user name."""
        actors: set[str] = set()
        for one in standings:
            actors |= {one.actor, *(choice.actor for choice in (*one.later, *one.earlier))}
        return display_names(self.office, actors)

    def _rule(self, name: str) -> SettingRule:
        rule = self.law.settings.get(name)
        if rule is None:
            raise Missing(f"没有名为“{name}”的设置")
        return rule

    def _standings(self, unit: Unit, body: AgencyRow, day: date) -> dict[str, Standing]:
        recorded: dict[str, list[SettingRow]] = {}
        for row in unit.setting_rows(body):
            recorded.setdefault(row.name, []).append(row)
        derived = self.office.derived_texts(unit, body)
        return {
            name: standing(
                rule,
                [
                    Choice(
                        rule.parse(row.value), row.holds_from, row.reason, row.actor,
                        row.recorded_at,
                    )
                    for row in sorted(recorded.get(name, ()), key=lambda row: row.id)
                ],
                day,
                derived.get(name, ""),
            )
            for name, rule in self.law.settings.items()
        }  # fmt: skip

    # -- changing -----------------------------------------------------------------------------------

    @retried
    def set_setting(
        self,
        staff: Staff | None,
        agency: str,
        name: str,
        value: Any,
        holds_from: Any,
        reason: str,
        crest: Crest | None = None,
    ) -> Changed:
        """Let a setting have a value from a day on, and compute again the due days that it moves.

        staff: None for the operator at the command line. value: in any form that the rule can parse; of a
        picture its digest. crest: the picture itself, where it was just uploaded. Nothing recorded is overwritten.
        Raises Missing, BadInput (value, holds_from, reason), Denied, Refused (frozen_year).
        """
        rule = self._rule(name)
        with self.office.store.write_rules() as unit:
            body = self.office.found_agency(unit, agency)
            must_change(self.office, staff, body)
            parsed, day, why = self._read(rule, value, holds_from, reason)
            until = self._until(unit, body, name, day)
            check_not_frozen(
                unit,
                [body],
                day,
                until,
                f"“{rule.label}”",
                "请把生效日期改为已公布年度之后的一天",
                "holds_from",
            )
            old = rule.parse(unit.settings_at(body, day).get(name, rule.default))
            if old == parsed:
                raise BadInput([FieldError("value", f"{dates.in_words(day)}已经是这个值")])
            actor = staff.name if staff else "system"
            stored = list(parsed) if isinstance(parsed, tuple) else parsed
            if rule.type == "picture" and parsed:
                self._keep(unit, body, parsed, crest, actor)
            unit.set_setting(body, name, stored, day, why, actor, self.office.now())
            moved = 0
            if not rule.shown_only:
                concerned = and_(CaseRow.agency_id == body.id, CaseRow.opened_on >= day)
                if until is not None:
                    concerned = and_(concerned, CaseRow.opened_on < until)
                # Reminders follow the settings of their own day, whenever their case was opened.
                waited_for = message_queries.cases_waited_for(body.id)
                text = change_in_words(rule, old, parsed, day, why)
                moved = recompute(
                    self.office, unit, or_(concerned, waited_for), "setting", text, actor
                )
                take_back_of_bodies(self.office, unit, [body], "setting")
            found = self._standings(unit, body, self.office.today())[name]
        return Changed(found, moved)

    @retried
    def set_texts(
        self, staff: Staff, agency: str, values: Mapping[str, str], holds_from: str, reason: str
    ) -> int:
        """Let several of the body's own texts hold from a day on, in one transaction; what is as it was is
        left alone. Also for who sees to the body from above.

        Returns how many changed. Raises Missing, Denied, Refused (frozen_year), BadInput (the name of each
        text, holds_from, reason).
        """
        with self.office.store.write_rules() as unit:
            body = self.office.found_agency(unit, agency)
            if not self.office.reaches(unit, MANAGE, staff, self.office.found_body(unit, agency)):
                must_change(self.office, staff, body)
            parsed, errors = {}, list[FieldError]()
            for name, value in values.items():
                try:
                    parsed[name] = self._rule(name).parse(value)
                except ValueError as error:
                    errors.append(FieldError(name, str(error)))
            try:
                day = dates.parse_day(holds_from)
                before = unit.settings_at(body, day)
            except ValueError as error:
                errors.append(FieldError("holds_from", str(error)))
            if not 0 < len(reason.strip()) <= MAX_REASON:
                errors.append(FieldError("reason", f"请写明理由，最多 {MAX_REASON} 个字"))
            if errors:
                raise BadInput(errors)
            changed = {
                name: value
                for name, value in parsed.items()
                if value != self._rule(name).parse(before.get(name, self._rule(name).default))
            }
            for name, value in changed.items():
                label, until = self._rule(name).label, self._until(unit, body, name, day)
                check_not_frozen(
                    unit, [body], day, until, f"“{label}”",
                    "请把生效日期改为已公布年度之后的一天", "holds_from",
                )  # fmt: skip
                unit.set_setting(
                    body, name, value, day, reason.strip(), staff.name, self.office.now()
                )
            return len(changed)

    def picture(self, agency: str, digest: str) -> bytes:
        """A picture (PNG) of a body's site. Raises Missing."""
        with self.office.store.read() as unit:
            found = public.picture(unit, self.office.found_body(unit, agency).id, digest)
        if found is None:
            raise Missing("没有这张图片")
        return found

    def _keep(
        self, unit: Unit, body: AgencyRow, digest: str, crest: Crest | None, actor: str
    ) -> None:
        """The picture that a setting names lies in the store, or is put there."""
        if public.picture(unit, body.id, digest) is not None:
            return
        if crest is None or crest.digest != digest:
            raise BadInput([FieldError("value", "请上传图片；没有保存过这样一张")])
        unit.session.add(
            PictureRow(
                agency_id=body.id, digest=digest, content=crest.png, actor=actor,
                recorded_at=self.office.now(),
            )
        )  # fmt: skip

    def _until(self, unit: Unit, body: AgencyRow, name: str, day: date) -> date | None:
        chosen = [
            Choice(row.value, row.holds_from, row.reason, row.actor, row.recorded_at)
            for row in unit.setting_rows(body, name)
        ]
        return last_day(chosen, day)

    def _read(
        self, rule: SettingRule, value: Any, holds_from: Any, reason: str
    ) -> tuple[Any, date, str]:
        errors = []
        parsed, day, why = None, date.min, (reason or "").strip()
        try:
            parsed = rule.parse(value)
        except ValueError as error:
            errors.append(FieldError("value", str(error)))
        try:
            day = dates.parse_day(holds_from)
        except ValueError as error:
            errors.append(FieldError("holds_from", str(error)))
        if not why:
            errors.append(FieldError("reason", "请写明理由"))
        elif len(why) > MAX_REASON:
            errors.append(FieldError("reason", f"理由最多 {MAX_REASON} 个字"))
        if errors:
            raise BadInput(errors)
        return parsed, day, why


def freeze_year(office: Office, unit: Unit, body: AgencyRow, year: int) -> PublishedYearRow:
    """Keep the settings of 31 December and the fingerprint of the working days of a year; nobody is
    reminded of its report any more, and no new case gets a number of it.

    Part of the caller's transaction. Raises Refused (frozen_year) when it was done before.
    """
    if unit.published_year(body, year) is not None:
        raise Refused(
            Refusal("frozen_year", "条例49、50", f"{year} 年的年度报告已经公布", "更正另作新的版本")
        )
    rules = office.rules(unit, body, date(year, 12, 31))
    row = PublishedYearRow(
        agency_id=body.id,
        year=year,
        published_at=office.now(),
        settings={
            name: list(value) if isinstance(value, tuple) else value
            for name, value in rules.settings.items()
        },
        calendar=rules.calendar.fingerprint(year),
    )
    unit.session.add(row)
    unit.rules_changed()
    said = TakingBack(office, unit, "年度报告已经公布，不再提醒")
    said.of_bodies(with_those_above(unit, [body]))
    said.finish()
    return row


def settings_of_year(office: Office, unit: Unit, body: AgencyRow, year: int) -> dict[str, Any]:
    """The settings under which a year is counted: the frozen ones of a published year, else those of
    its last day. A setting that the law's tables got later stands at its default."""
    frozen = unit.published_year(body, year)
    if frozen is None:
        return dict(office.rules(unit, body, date(year, 12, 31)).settings)
    rules = office.law.settings
    kept = {name: rules[name].parse(v) for name, v in frozen.settings.items() if name in rules}
    return {**office.law.defaults(), **kept}


def check_not_frozen(
    unit: Unit,
    bodies: list[AgencyRow],
    first: date,
    until: date | None,
    what: str,
    remedy: str,
    field: str,
) -> None:
    """Refuse (frozen_year) what would hold on a day of a published year of one of the bodies.

    until: the first day on which it would not hold any more; None: it has no end. field: where the
    first day was typed.
    """
    names = {body.id: body.name for body in bodies}
    for row in unit.published_years(names):
        if row.year >= first.year and (until is None or date(row.year, 1, 1) < until):
            raise Refused(
                Refusal(
                    "frozen_year",
                    "条例49、50",
                    f"{names[row.agency_id]} {row.year} 年的年度报告已经公布，{what}不能再变动这一年",
                    remedy,
                    field,
                )
            )


def must_change(office: Office, staff: Staff | None, body: AgencyRow) -> None:
    """Raises Missing for a body that is not the person's, Denied for one without the right role.
    staff None: the operator."""
    if staff is not None and body.code not in staff.roles:
        raise Missing(f"没有代码为“{body.code}”的机关，或者不是您的机关")
    held = staff.roles[body.code] if staff is not None else permissions.OPERATOR
    permissions.ask(office.law, "change_settings", held)


def display_names(office: Office, actors: Iterable[str]) -> dict[str, str]:
    """Names for user names; the system and the command line are called so."""
    found = {"system": "系统", "": "系统"}
    wanted = set(actors) - set(found)
    return found | office.names_of(wanted)
