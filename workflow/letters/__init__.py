"""What a letter says, drafted from a case; its words stand in config/letters. Nothing here is sent or kept."""

from workflow.letters.about import About, Attached, Beside, Body, Person
from workflow.letters.drafting import draft
from workflow.letters.letter import Choice, Gap, Letter
from workflow.letters.possible import NotPossible, Standing, letters_of

__all__ = [
    "About",
    "Attached",
    "Beside",
    "Body",
    "Choice",
    "Gap",
    "Letter",
    "NotPossible",
    "Person",
    "Standing",
    "draft",
    "letters_of",
]
