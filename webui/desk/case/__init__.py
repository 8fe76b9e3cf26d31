"""A case at the desk: its page, its files, the form of each event."""
