"""Backups: a whole installation in one sealed file, put back, and that tried (decision 53)."""
