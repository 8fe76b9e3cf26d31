"""The clerks' Excel ledger (台账), in and out: its file, its heads, its words, a row as what happened to a case."""
