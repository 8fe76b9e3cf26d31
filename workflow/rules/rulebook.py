"""The rules that hold for one body on one day: the law's tables, the settings, the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from config.law import Law, load_law
from workflow.refusal import BadInput, FieldError
from workflow.rules.calendar import Calendar, national


@dataclass(frozen=True)
class Rulebook:
    """What the pure parts need to know of the world."""

    law: Law = field(default_factory=load_law)
    settings: Mapping[str, Any] = field(default_factory=lambda: load_law().defaults())
    calendar: Calendar = field(default_factory=national)

    def __getitem__(self, setting: str) -> Any:
        return self.settings[setting]

    def period(self, name: str, day: date) -> int:
        """The law's number for something that began on the day, in the unit of its table row."""
        return self.law.periods[name].at(day)

    def old_law(self, day: date) -> bool:
        """Whether the Regulations before 国令711号 hold: until the first day of the period of reply."""
        return day < self.law.periods["reply"].first_day

    def reply_workdays(self, day: date) -> int:
        """Working days to reply to a request received on the day (条例33(2); before the revised
        Regulations the old ones' number, a setting)."""
        if self.old_law(day):
            return int(self["pre_20190515_period_days"])
        return self.period("reply", day)

    def extension_workdays(self, received_on: date) -> int:
        """Working days by which the period may be lengthened at most, by the day of receipt (条例33(2); 旧条例24,
        a setting)."""
        if self.old_law(received_on):
            return int(self["pre_20190515_extension_days"])
        return self.period("extension_max", received_on)

    def fingerprint(self) -> str:
        """The same for two rulebooks that say the same of every case."""
        said = (self.law.fingerprint, sorted(self.settings.items()), self.calendar.all_days)
        return sha256(repr(said).encode()).hexdigest()

    def with_calendar(self, calendar: Calendar) -> "Rulebook":
        return Rulebook(self.law, self.settings, calendar)


def merged_settings(law: Law, given: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults with the given values over them. Raises BadInput for unknown names or values."""
    settings = law.defaults()
    errors = []
    for name, value in given.items():
        rule = law.settings.get(name)
        if rule is None:
            errors.append(FieldError(f"settings.{name}", "没有这一项设置"))
            continue
        try:
            settings[name] = rule.parse(value)
        except ValueError as error:
            errors.append(FieldError(f"settings.{name}", str(error)))
    if errors:
        raise BadInput(errors)
    return settings
