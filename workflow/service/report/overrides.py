"""Numbers put in by hand (V26): by an editor with a reason, confirmed by another person, kept in sight."""

from collections.abc import Mapping
from typing import Any

from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.report.procedure.overrides import Place, number_of, place_of
from workflow.report.sums.aggregate import place_in_words
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.office import Missing
from workflow.service.report.annual import ARTICLE, AnnualReports
from workflow.store.report_models import ReportVersionRow
from workflow.store.retried import retried


class Overrides:
    """The use cases around numbers put in by hand."""

    def __init__(self, annual: AnnualReports) -> None:
        self.annual = annual
        self.office = annual.office
        self.formats = annual.law.formats

    @retried
    def put(self, staff: Staff, agency: str, year: int, given: Mapping[str, str]) -> None:
        """Put a number in the place of a counted one. It counts when another person has confirmed it;
        until then the counted number stands.

        given: table, row, column, value, reason, as typed. Raises BadInput with every wrong field,
        Refused where the report may not be edited.
        """
        with self.office.store.write() as unit:
            _, row = self.annual.editable(unit, staff, agency, year)
            errors = []
            fmt = self.formats.format_of(year)
            table, column = given.get("table", ""), given.get("column", "")
            place = place_of(table, given.get("row", ""), column, fmt, self.formats)
            if place is None:
                message = "这一行没有这一列，或者是合计；合计由系统相加，请改其中的数"
                errors.append(FieldError("column", message))
            number: Any = None
            try:
                number = number_of(column, given.get("value") or "")
            except ValueError as error:
                errors.append(FieldError("value", str(error)))
            reason = (given.get("reason") or "").strip()
            if not reason:
                errors.append(FieldError("reason", "请写明理由"))
            elif len(reason) > 2000:
                errors.append(FieldError("reason", "最多 2000 个字"))
            elif bears_secret_mark(reason):
                message = "内容带有密级标志，不得录入，刚才的内容没有保存"
                errors.append(FieldError("reason", message))
            if errors or place is None:
                raise BadInput(errors)
            made = {
                "table": table,
                "row": given["row"],
                "column": column,
                "value": number if isinstance(number, int) else str(number),
                "reason": reason,
                "by": staff.name,
                "at": self.office.now().isoformat(),
            }
            row.overrides = [*(o for o in row.overrides if place_of_one(o) != place), made]
            said = f"{self._words(row, place)}改为 {number}：{reason}"
            row.steps = [*row.steps, self._logged("put_in", staff, agency, said)]

    @retried
    def confirm(self, staff: Staff, agency: str, year: int, place: str, value: str) -> None:
        """A second person confirms the number, which counts from now on. place: table.row.column; value:
        the number that the person has seen.

        Raises Missing where there is no such number, Denied for other roles, Refused for who put it in and
        where it has been changed meanwhile.
        """
        with self.office.store.write() as unit:
            body, row = self.annual.open_version(unit, agency, year)
            if body.code not in staff.roles:
                raise Missing("没有这个机关，或者不是您的机关")
            one = self._found(row, place)
            permissions.ask(self.annual.law, "confirm_number", staff.roles[body.code])
            if one["by"] == staff.name:
                raise Refused(
                    Refusal("same_person", ARTICLE, "这个数是您填的，不能自己复核", "由另一人复核")
                )
            if str(one["value"]) != value:
                raise Refused(
                    Refusal(
                        "already_done", ARTICLE, f"这个数刚才已经改为 {one['value']}",
                        "看过新的数和理由，再复核",
                    )
                )  # fmt: skip
            confirmed = {
                **one,
                "confirmed_by": staff.name,
                "confirmed_at": self.office.now().isoformat(),
            }
            row.overrides = [confirmed if o == one else o for o in row.overrides]
            said = f"{self._words(row, place_of_one(one))}改为 {one['value']}"
            row.steps = [*row.steps, self._logged("confirm", staff, agency, said)]

    @retried
    def put_back(self, staff: Staff, agency: str, year: int, place: str) -> None:
        """Let the counted number stand again. place: table.row.column. Raises as `put` and `confirm`."""
        with self.office.store.write() as unit:
            _, row = self.annual.editable(unit, staff, agency, year)
            one = self._found(row, place)
            row.overrides = [o for o in row.overrides if o != one]
            said = self._words(row, place_of_one(one))
            row.steps = [*row.steps, self._logged("put_back", staff, agency, said)]

    def _logged(self, step: str, staff: Staff, agency: str, said: str) -> dict[str, Any]:
        action = "confirm_number" if step == "confirm" else "edit_report"
        away = self.annual.away(staff, agency, action)
        return self.annual.kept.logged(step, staff.name, said, away)

    def _found(self, row: ReportVersionRow, place: str) -> dict[str, Any]:
        found = next((o for o in row.overrides if ".".join(place_of_one(o)) == place), None)
        if found is None:
            raise Missing("没有这个手工改的数，或者它已经恢复")
        return dict(found)

    def _words(self, row: ReportVersionRow, place: Place) -> str:
        return place_in_words(place, self.formats.format_of(row.year), self.formats)


def place_of_one(override: Mapping[str, Any]) -> Place:
    """The cell of a number that was put in by hand."""
    return str(override["table"]), str(override["row"]), str(override["column"])
