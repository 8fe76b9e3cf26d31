"""The file of a case as papers: bound into one numbered PDF for review and court, packed for the archive. Bytes and
values in, bytes out; nothing here looks anything up."""

LOG, SUMS = "办理记录.json", "SHA256SUMS"
"""In a package for the archive: the log of the case with its chain, and the hashes of all its other files."""
