"""The file of a case as papers: bound into one numbered PDF for review and court, packed for the archive. Bytes and
values in, bytes out; nothing here looks anything up."""
