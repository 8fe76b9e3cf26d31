"""Letters of cases: drafted, kept with their numbers, edited outside and brought back."""

from workflow.service.letters.door import CaseLetters
from workflow.service.letters.views import Current, InFile, Kept

__all__ = ["CaseLetters", "Current", "InFile", "Kept"]
