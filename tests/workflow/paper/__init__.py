"""The base of papers: lists as files of tables."""
