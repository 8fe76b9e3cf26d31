"""The annual report: from cases to tables 3 and 4, and what must hold in any such table."""
