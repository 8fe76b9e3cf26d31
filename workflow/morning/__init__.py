"""The morning sheet (待办晨报) and the calendar of due days: numbers and days, no name, no content."""

from workflow.morning.lines import SheetLine
from workflow.morning.paper import sheet_pdf
from workflow.morning.subscribed import calendar_file

__all__ = ["SheetLine", "calendar_file", "sheet_pdf"]
