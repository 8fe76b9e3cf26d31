"""What anybody may know of an office without a number and a code: its rules, its bodies, what they published."""

from workflow.rules.calendar import national
from workflow.rules.rulebook import Rulebook
from workflow.service.office import Office


class PublicPages:
    """The use cases behind the public pages of each body."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def rules(self, agency: str | None) -> Rulebook:
        """The rules of a body today, or of nobody: the nation's days and the defaults. Raises Missing."""
        with self.office.store.read() as unit:
            if agency is None:
                return Rulebook(self.office.law, calendar=national(self.office.national_days(unit)))
            body = self.office.found_body(unit, agency)
            return self.office.rules_of(unit, body.id, self.office.today())
