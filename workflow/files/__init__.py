"""What an uploaded file is and says: its type by its bytes, its texts, its marks, what it betrays.

Pure: bytes in, values out. Nothing here keeps, logs or writes anything of a file.
"""

from workflow.files.check import MEDIA_TYPES, Checked, checked, clean_name, says
from workflow.files.leftovers import leftovers
from workflow.files.sheet import outward
from workflow.files.texts import BadContent
from workflow.files.unwanted import ACCEPTED

__all__ = [
    "ACCEPTED",
    "MEDIA_TYPES",
    "BadContent",
    "Checked",
    "checked",
    "clean_name",
    "leftovers",
    "outward",
    "says",
]
