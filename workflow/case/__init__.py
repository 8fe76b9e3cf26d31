"""A case: the fold of its log. `case.Case.apply` is the one door through which it changes."""
