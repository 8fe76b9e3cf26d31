"""The XML in office files as a tree of elements, and the texts that a workbook shares."""

from typing import Any

from workflow.files.texts import BadContent

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
"""Before the names of what stands in a workbook."""


def tree_of(content: bytes, broken: str) -> Any:
    """The root of a part. Nothing from outside is fetched. Raises BadContent; broken: what is said of a damaged
    one."""
    from lxml import etree  # what reads XML is loaded with the first part

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadContent(broken) from error
    if root.getroottree().docinfo.doctype:
        raise BadContent("文件的内部结构不规范，没有读取")
    return root


def shared(root: Any) -> list[str]:
    """The texts that the cells of a workbook point to, in their order."""
    return [rich_text(item) for item in root.iter(f"{S}si")]


def rich_text(item: Any) -> str:
    """The runs of a text, without the readings above them (phonetic)."""
    return "".join(
        piece.text or "" for piece in item.iter(f"{S}t") if piece.getparent().tag != f"{S}rPh"
    )
