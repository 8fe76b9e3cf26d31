"""The machine as a mermaid `stateDiagram-v2`, which code hosts render by themselves."""

from config.law import Law
from workflow.case.machine import START
from workflow.diagram.graph import Graph, Way, graph_of, known_state


def mermaid_text(law: Law, present: str | None = None) -> str:
    """Every state and every event of the table, in Chinese. present: the state to mark.

    Raises LawTableError for a state that the table does not have.
    """
    way = Way(known_state(law, present))
    graph = graph_of(law)
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f'    state "{state.label}" as {name}' for name, state in law.states.items()]
    for arrow in graph.arrows:
        source = "[*]" if arrow.source == START else arrow.source
        lines.append(f"    {source} --> {arrow.target} : {arrow.label}")
    left = {arrow.source for arrow in graph.arrows}
    lines += [f"    {name} --> [*]" for name in law.states if name not in left]
    for name in law.states:
        said = _notes(graph, name)
        if said:
            side = "left" if name in graph.left else "right"
            lines += [f"    note {side} of {name}", *(f"        {one}" for one in said)]
            lines.append("    end note")
    if way.present:
        lines += ["    classDef present fill:#1b5196,color:#ffffff,stroke:#143e75,stroke-width:3px"]
        lines += [f"    class {way.present} present"]
    return "\n".join(lines) + "\n"


def _notes(graph: Graph, name: str) -> list[str]:
    """What happens within the state, and what leads here, or is possible, from nearly everywhere."""
    said = []
    if name in graph.within:
        said.append("本状态内：" + "、".join(graph.within[name]))
    for row in graph.everywhere:
        if row.to == name:
            said.append(f"{row.label}：{graph.where(row)}都可以办理，到此{graph.kept(row)}")
    # What leaves the state alone is told once, where it first becomes possible.
    first: dict[str, list[str]] = {}
    for row in graph.everywhere:
        if row.to == "same" and row.sources[0] == name:
            first.setdefault(graph.where(row), []).append(row.label)
    said += [f"{'、'.join(labels)}：{where}都可以办理" for where, labels in first.items()]
    return said
