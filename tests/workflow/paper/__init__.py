"""The base of papers, lists as files of tables, and papers that no case is needed for."""
