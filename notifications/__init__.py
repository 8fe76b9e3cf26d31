"""What must be said to whom, and its delivery. Empty until reminders come (docs/later.md)."""
