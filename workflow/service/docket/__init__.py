"""Whole cases from files, published tables or a sample, played through the one door."""
