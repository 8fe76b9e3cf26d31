"""What holds the tables of the annual report together: tables.toml, held to what the program asks for."""

from config.law import required
from config.law.law import Law
from config.law.slips import Said, missing, surplus
from config.law.tables import TableFormats


def formats_hold(law: Law) -> Said:
    """Every row and column that the program asks for is there, once, and means something."""
    file, formats = "tables.toml", law.formats
    for name, there in (
        ("format_of_year", formats.years), ("table3.rows", formats.rows),
        ("table3.columns", formats.columns), ("table3.groups", formats.groups),
        ("table4.blocks", formats.blocks), ("table4.cells", formats.cells),
        ("sections", formats.sections),
    ):  # fmt: skip
        yield from missing(f"{file}: {name}", "key", required.FORMATS[name], there)
        yield from surplus(f"{file}: {name}", "key", required.FORMATS[name], there)
    last_year = None
    for name, (first, last) in sorted(formats.years.items()):
        if first > last or (last_year is not None and first != last_year + 1):
            yield f"{file}: format_of_year: {name}: the years must follow one another"
        last_year = last
    for name in formats.years:
        rows = required.ROWS_OF_TABLE3[name]
        yield from missing(f"{file}: table3.rows: {name}", "row", rows, formats.rows[name])
        yield from surplus(f"{file}: table3.rows: {name}", "row", rows, formats.rows[name])
        cells = {(item, key) for b in formats.table2[name] for item in b.items for key in b.fields}
        shown = {f"{item}.{key}" for item, key in cells}
        wanted = required.CELLS_OF_TABLE2[name]
        yield from missing(f"{file}: table2: {name}", "cell", wanted, shown)
        yield from surplus(f"{file}: table2: {name}", "cell", wanted, shown)
        items = [item for block in formats.table2[name] for item in block.items]
        for item in sorted({item for item in items if items.count(item) > 1}):
            yield f"{file}: table2: {name}: {item} stands twice"
    yield from _meanings(formats)


def _meanings(formats: TableFormats) -> Said:
    """Whoever opens a number is told what its row and its column mean."""
    blocks = [block for some in formats.table2.values() for block in some]
    for name, wanted in (
        ("rows", {row for rows in formats.rows.values() for row in rows}),
        ("columns", {*formats.columns}),
        ("blocks", {*formats.blocks}),
        ("cells", {*formats.cells}),
        ("items", {item for block in blocks for item in block.items}),
        ("fields", {field for block in blocks for field in block.fields}),
    ):
        place = f"tables.toml: meanings: {name}"
        yield from missing(place, "meaning", wanted, formats.meanings[name])
        yield from surplus(place, "row or column", wanted, formats.meanings[name])
