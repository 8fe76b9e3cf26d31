"""The procedure of a report: drafted, corrected by hand, checked, signed, published, corrected again."""
