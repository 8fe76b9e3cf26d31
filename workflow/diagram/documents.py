"""The files of docs/ that are made from the law's tables."""

from pathlib import Path

from config.law import Law
from workflow.diagram.mermaid import mermaid_text
from workflow.diagram.permitted import permissions_text
from workflow.diagram.svg import svg_text
from workflow.diagram.where import where_text
from workflow.diagram.written import transitions_text

REMAKE = "make docs"
ROOT = Path(__file__).parents[2]


def documents(law: Law) -> dict[str, str]:
    """Path below docs/ → text. A test compares them with what stands there."""
    made = f"<!-- Made from config/law by `{REMAKE}`. Change the tables, not this file. -->"
    return {
        "states.md": (
            f"{made}\n\n# The states of a case\n\n"
            "Drawn from `config/law/states.toml` and `config/law/transitions.toml`. The same picture\n"
            "stands on the page of each case with its present state marked; `gongkai machine` prints\n"
            "it. [transitions.zh.md](transitions.zh.md) has every row in words.\n\n"
            f"![申请办理流程图](images/states.svg)\n\n```mermaid\n{mermaid_text(law)}```\n"
        ),
        "images/states.svg": svg_text(law),
        "transitions.zh.md": (
            f"{made}\n\n# 办理规则一览\n\n"
            "由 `config/law` 的各表和 `workflow/case/guards` 的条件自动生成，供法制审核逐行核对。"
            "“条例”指《中华人民共和国政府信息公开条例》（国令第 711 号）。\n\n"
            f"{transitions_text(law)}\n"
        ),
        "permissions.zh.md": (
            f"{made}\n\n# 权限一览\n\n"
            "由 `config/law/permissions.toml` 自动生成：谁可以做什么、范围多大、由哪个页面、接口或者命令承载。"
            "角色按机关授予，权限跟人（用户名）走，不看显示的姓名。\n\n"
            f"{permissions_text(law)}\n"
        ),
        "where.md": (
            f"<!-- Made from the tables and docstrings by `{REMAKE}`. -->\n\n# Which rule stands where\n\n"
            "Guards are said in Chinese, as people read them, the rest in English; law.md and practice.md are\n"
            "collections of the law and of practice kept beside the project, contracts/ lies in\n"
            "tests/acceptance/contracts/. Look for a word of the rule or its article; a new rule says itself in the docstring of the\n"
            "function that keeps it (its first sentence with the article, or a line `Rule: …`).\n\n"
            f"{where_text(law, ROOT)}\n"
        ),
    }
