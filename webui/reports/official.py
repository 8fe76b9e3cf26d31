"""The official shape of table 3: which heads stand above, which beside, and how far they reach."""

from dataclasses import dataclass

from config.law import TableFormats

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS = "三、本年度办理结果"
OUTSIDE = ("new_received", "carried_in", "carried_out")


@dataclass(frozen=True)
class Head:
    """A head of a row: how many of the three head columns and how many rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class OfficialRow:
    """A row of table 3 with the heads that begin in it."""

    key: str
    heads: tuple[Head, ...]


def rows_of(fmt: str, formats: TableFormats) -> list[OfficialRow]:
    """Table 3 from top to bottom, in the format of 2019 or 2021."""
    keys = list(formats.rows[fmt])
    inside = [key for key in keys if key not in OUTSIDE]
    groups = [formats.group_of(key) for key in keys]
    found = []
    for place, key in enumerate(keys):
        label = formats.rows[fmt][key]
        if key in OUTSIDE:
            found.append(OfficialRow(key, (Head(label, columns=3),)))
            continue
        heads = [Head(RESULTS, rows=len(inside))] if key == inside[0] else []
        group = groups[place]
        if group is None:
            heads.append(Head(label, columns=2))
        else:
            if groups[place - 1] != group:
                heads.append(Head(formats.groups[group], rows=groups.count(group)))
            heads.append(Head(label))
        found.append(OfficialRow(key, tuple(heads)))
    return found


def row_title(row: str, fmt: str, formats: TableFormats) -> str:
    """A row of table 3 with the heads above it, or a block of table 4, for a page of its own."""
    if row in formats.blocks:
        return formats.blocks[row].replace("/", "：")
    group = formats.group_of(row)
    label = formats.rows[fmt][row]
    return f"{formats.groups[group]} {label}" if group else label
