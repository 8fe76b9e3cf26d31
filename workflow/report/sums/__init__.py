"""Adding up (汇总): the sum of the bodies' reports, and what an entered total differs by."""
