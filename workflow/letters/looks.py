"""What Word file and PDF share of the look of a letter: sizes, and where name and date stand."""

from workflow.letters.letter import Letter, Table, day_words


def written_widths(text: str) -> float:
    """How wide a line is, in characters: a figure is half of one."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def signature_indents(letter: Letter) -> tuple[float, float]:
    """Characters between name and date and the right edge: the date four, the name centred over it (GB/T 9704
    7.3.5.1); a name that is longer than that stands at the edge and the date under its middle."""
    name, day = written_widths(letter.signature), written_widths(day_words(letter.day))
    centred = 4 + (day - name) / 2
    return (centred, 4.0) if centred >= 0 else (0.0, (name - day) / 2)


def cell_size(letter: Letter, table: Table) -> float:
    """The size of the words in a table, in points."""
    if len(table.widths) > 8:
        return 9
    return 10.5 if table.heads or letter.shape != "letter" else 12


def centred(table: Table, place: int) -> bool:
    """The names in a form and columns that are short throughout stand in the middle of their cells."""
    return all(len(row[place]) < 8 for row in table.rows) if table.heads else place == 0
