"""Why a backup cannot be made or put back, in Chinese."""


class CannotBackUp(Exception):
    """No backup was made, and nothing of one is left."""


class CannotRestore(Exception):
    """Nothing was put back: the place is as it was."""
