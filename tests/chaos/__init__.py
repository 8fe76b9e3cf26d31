"""A serving process is killed again and again while clients file and move cases; then the store is held to what they were
told.

    python -m tests.chaos [--kills N] [--seed S] [--clients C]
"""
