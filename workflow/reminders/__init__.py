"""Reminders: which days of a case are watched, and what must be said of them, when and to whom."""
