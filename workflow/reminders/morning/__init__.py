"""The morning sheet (待办晨报) and the calendar of due days: numbers and days, no name, no content."""

from workflow.reminders.morning.lines import SheetLine
from workflow.reminders.morning.paper import sheet_pdf
from workflow.reminders.morning.subscribed import calendar_file

__all__ = ["SheetLine", "calendar_file", "sheet_pdf"]
