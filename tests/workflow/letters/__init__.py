"""Letters drafted from cases: what they say, read back from the files."""
