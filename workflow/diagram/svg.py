"""The machine as a picture: plain SVG with attributes only, fit for a strict CSP, paper and phones."""

from xml.etree import ElementTree as Xml

from config.law import Law
from workflow.case.machine import START
from workflow.diagram.graph import Graph, Way, graph_of, known_state
from workflow.diagram.layout import (
    LABEL_SIZE,
    MARGIN,
    NAME_SIZE,
    SMALL_LINE,
    SMALL_SIZE,
    Box,
    Line,
    Picture,
    lay_out,
    text_width,
    wrapped,
)

TITLE = "申请办理流程图"
FONTS = (
    "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
)
INK, SOFT, RULE, PAPER, BLUE = "#1b2530", "#55616d", "#7b8794", "#ffffff", "#1b5196"
# The colour of the bar at the side of a box, by the stage of its state.
STAGES = {
    "before_receipt": "#aeb6bd",
    "running": BLUE,
    "waiting": "#c98a12",
    "done": "#1a6b41",
    "void": "#55616d",
}
KEY_ROW, LEGEND_HEAD = 30, 34


def svg_text(law: Law, way: Way | None = None, *, name: str = "states") -> str:
    """The picture as an SVG document. way: the present state and the steps of a case, to be marked.

    name: beginning of the ids of title and description, for a page that holds two pictures.
    Raises LawTableError for a state that the table does not have.
    """
    way = way or Way()
    known_state(law, way.present)
    graph = graph_of(law)
    picture = lay_out(graph)
    lines = _legend_lines(graph, picture.width - 4 * MARGIN)
    legend = LEGEND_HEAD + len(lines) * 22 + 10 if lines else 0
    key = _key_rows(graph, picture.width)
    height = picture.height + legend + len(key) * KEY_ROW + MARGIN
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "states",
            "viewBox": f"0 0 {picture.width:g} {height:g}",
            "width": f"{picture.width:g}",
            "height": f"{height:g}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": FONTS,
        },
    )
    Xml.SubElement(root, "title", {"id": f"{name}-title"}).text = TITLE
    Xml.SubElement(root, "desc", {"id": f"{name}-desc"}).text = description_of(graph, way)
    _rect(root, 0, 0, picture.width, height, fill=PAPER)
    # What the case has passed lies on top.
    for line in sorted(picture.lines, key=lambda one: (one.source, one.target) in way.steps):
        _arrow(root, line, (line.source, line.target) in way.steps)
    for line in picture.lines:
        _label(root, line)
    for box in picture.boxes.values():
        _box(root, graph, box, way)
    if lines:
        _legend(root, picture, lines, legend)
    _key(root, key, picture.height + legend + MARGIN / 2)
    # One element a line, for reading changes; never within a text, where a blank would show.
    for element in [root, *root.iter("g")]:
        element.text = "\n"
        for child in element:
            child.tail = "\n"
    return Xml.tostring(root, encoding="unicode") + "\n"


def description_of(graph: Graph, way: Way) -> str:
    """The picture in words, for those who do not see it."""
    states = graph.law.states
    line = "、".join(graph.label(state) for state in graph.main if state != START)
    text = f"一件申请通常依次经过：{line}。"
    if way.present:
        text = f"当前状态：{graph.label(way.present)}。" + text
    passed = [state.label for name, state in states.items() if name in way.passed]
    if passed:
        text += f"这件申请已经过：{'、'.join(passed)}。"
    return text


def _rect(
    parent: Xml.Element, x: float, y: float, w: float, h: float, **attributes: object
) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{w:g}", "height": f"{h:g}"}
    Xml.SubElement(parent, "rect", place | _named(attributes))


def _text(
    parent: Xml.Element, x: float, y: float, text: str, size: float, **attributes: object
) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}"}
    Xml.SubElement(parent, "text", place | {"fill": INK} | _named(attributes)).text = text


def _named(attributes: dict[str, object]) -> dict[str, str]:
    return {key.replace("_", "-"): str(value) for key, value in attributes.items()}


def _arrow(root: Xml.Element, line: Line, passed: bool) -> None:
    colour, width = (BLUE, "2.6") if passed else (RULE, "1.4")
    points = list(line.points)
    (x0, y0), (x, y) = points[-2], points[-1]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    # The line ends where the head begins.
    points[-1] = (x - 7 * dx, y - 7 * dy)
    Xml.SubElement(
        root,
        "path",
        {
            "d": _rounded(points),
            "fill": "none",
            "stroke": colour,
            "stroke-width": width,
            "stroke-linejoin": "round",
        },
    )
    back = (x - 9 * dx, y - 9 * dy)
    wing = (4.5 * abs(dy), 4.5 * abs(dx))
    head = [(x, y), (back[0] + wing[0], back[1] + wing[1]), (back[0] - wing[0], back[1] - wing[1])]
    shape = " ".join(f"{px:g},{py:g}" for px, py in head)
    Xml.SubElement(root, "polygon", {"points": shape, "fill": colour})


def _rounded(points: list[tuple[float, float]]) -> str:
    """A path with rounded corners."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        r = min(7, (abs(bx - ax) + abs(by - ay)) / 2, (abs(cx - bx) + abs(cy - by)) / 2)
        ux, uy = (ax > bx) - (ax < bx), (ay > by) - (ay < by)
        vx, vy = (cx > bx) - (cx < bx), (cy > by) - (cy < by)
        parts.append(f"L{bx + ux * r:g} {by + uy * r:g}")
        parts.append(f"Q{bx:g} {by:g} {bx + vx * r:g} {by + vy * r:g}")
    parts.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(parts)


def _label(root: Xml.Element, line: Line) -> None:
    # The paper around the letters keeps crossing lines off them.
    _text(
        root,
        *line.label_at,
        line.label,
        LABEL_SIZE,
        text_anchor=line.anchor,
        stroke=PAPER,
        stroke_width=4,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _box(root: Xml.Element, graph: Graph, box: Box, way: Way) -> None:
    middle = box.x + box.w / 2
    if box.state == START:
        _rect(root, box.x, box.y, box.w, box.h, rx=box.h / 2, fill=INK)
        _text(root, middle, box.y + 21, "开始", 14, text_anchor="middle", fill=PAPER)
        return
    present, passed = box.state == way.present, box.state in way.passed
    group = Xml.SubElement(
        root, "g", {"class": "present" if present else "passed" if passed else "state"}
    )
    fill = BLUE if present else "#e9f0f9" if passed else PAPER
    _rect(
        group,
        box.x,
        box.y,
        box.w,
        box.h,
        rx=6,
        fill=fill,
        stroke=BLUE if present or passed else RULE,
        stroke_width=2 if present or passed else 1.2,
    )
    if not present:
        stage = graph.law.stage(box.state)
        _rect(group, box.x + 1, box.y + 6, 5, box.h - 12, rx=2, fill=STAGES.get(stage, RULE))
    height = NAME_SIZE + 10 + len(box.small) * SMALL_LINE
    top = box.y + (box.h - height) / 2
    ink, soft = (PAPER, "#dce7f5") if present else (INK, SOFT)
    _text(
        group,
        middle,
        top + NAME_SIZE + 2,
        graph.label(box.state),
        NAME_SIZE,
        text_anchor="middle",
        font_weight=600,
        fill=ink,
    )
    for number, text in enumerate(box.small, 1):
        y = top + NAME_SIZE + 6 + number * SMALL_LINE
        _text(group, middle, y, text, SMALL_SIZE, text_anchor="middle", fill=soft)
    if present:
        _pill(group, box, "当前状态", fill="#a5231c", stroke=PAPER, ink=PAPER)
    elif passed:
        _pill(group, box, "✓ 已经过", fill=PAPER, stroke=BLUE, ink=BLUE)


def _pill(group: Xml.Element, box: Box, text: str, *, fill: str, stroke: str, ink: str) -> None:
    width = text_width(text, 12) + 16
    x = box.x + box.w - width + 10
    _rect(group, x, box.y - 13, width, 22, rx=11, fill=fill, stroke=stroke, stroke_width=1.5)
    _text(
        group,
        x + width / 2,
        box.y + 2.5,
        text,
        12,
        text_anchor="middle",
        font_weight=600,
        fill=ink,
    )


def _legend_lines(graph: Graph, width: float) -> list[tuple[str, str]]:
    """Events of nearly everywhere: those with one target and the same states in one line."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in graph.everywhere:
        to = "" if row.to == "same" else f" → {graph.label(row.to)}{graph.kept(row)}"
        groups.setdefault((graph.where(row), to), []).append(row.label)
    lines: list[tuple[str, str]] = []
    for (where, to), labels in groups.items():
        head = "、".join(labels) + to + "："
        indent = text_width(head, LABEL_SIZE)
        for index, part in enumerate(wrapped(where.split("、"), width - indent, LABEL_SIZE)):
            lines.append((head if index == 0 else "", part))
    return lines


def _legend(root: Xml.Element, picture: Picture, lines: list[tuple[str, str]], h: float) -> None:
    x, y = MARGIN, picture.height
    _rect(root, x, y, picture.width - 2 * MARGIN, h, rx=6, fill="#f7f7f4", stroke="#dcdfe0")
    heading = "几乎随时可以办理的事项（图中不逐条画线）"
    _text(root, x + MARGIN, y + 25, heading, 14, font_weight=600)
    indent = 0.0
    for number, (head, where) in enumerate(lines):
        at = y + LEGEND_HEAD + 18 + number * 22
        if not head:
            _text(root, x + MARGIN + indent, at, where, LABEL_SIZE, fill=SOFT)
            continue
        indent = text_width(head, LABEL_SIZE)
        line = {"x": f"{x + MARGIN:g}", "y": f"{at:g}", "font-size": f"{LABEL_SIZE}", "fill": INK}
        text = Xml.SubElement(root, "text", line)
        Xml.SubElement(text, "tspan", {"font-weight": "600"}).text = head
        text[0].tail = where


def _key_rows(graph: Graph, width: float) -> list[list[tuple[str, str]]]:
    """What bars and fills mean, in rows that are not wider than the picture: (colour, words)."""
    words = graph.law.words.stages
    stages = list(dict.fromkeys(state.stage for state in graph.law.states.values()))
    said = [(STAGES.get(stage, RULE), words[stage]) for stage in stages]
    said.append(("", "框内小字：在这一状态内办理、不改变状态的事项"))
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for entry in said:
        need = 36 + text_width(entry[1], LABEL_SIZE)
        if rows[-1] and used + need > width - 2 * MARGIN:
            rows.append([])
            used = 0
        rows[-1].append(entry)
        used += need
    return rows


def _key(root: Xml.Element, rows: list[list[tuple[str, str]]], y: float) -> None:
    for number, row in enumerate(rows):
        x, base = float(MARGIN), y + number * KEY_ROW + 18
        for colour, words in row:
            if colour:
                _rect(root, x, base - 13, 5, 17, rx=2, fill=colour)
                x += 12
            _text(root, x, base, words, LABEL_SIZE, fill=SOFT)
            x += text_width(words, LABEL_SIZE) + 24
