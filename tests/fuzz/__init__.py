"""Inputs that nobody would send, made by a seed: forms, pages and calls of the application, and every reader of files.

    python -m tests.fuzz [--count N] [--seed S] [--jobs J] [--only KIND] [--batch B]

What is tried says `kinds.py`, how an input is bent `bending.py`. The same seed makes the same inputs; they come in batches,
each over a store of its own, so that a finding is seen again by its kind and batch alone.
"""
