"""The machine as people see it: drawn (`mermaid_text`, `svg_text`) and written out line by line
(`transitions_text`), always from config/law, never by hand. `documents` are the files of docs/."""

from workflow.diagram.documents import documents
from workflow.diagram.graph import Graph, Way, graph_of, way_of
from workflow.diagram.mermaid import mermaid_text
from workflow.diagram.svg import svg_text
from workflow.diagram.written import transitions_text

__all__ = [
    "Graph",
    "Way",
    "documents",
    "graph_of",
    "mermaid_text",
    "svg_text",
    "transitions_text",
    "way_of",
]
