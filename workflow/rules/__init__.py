"""The rules of a body on a day: tables of the law, settings and calendar, and what follows from them alone."""
