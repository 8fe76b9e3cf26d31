"""Papers that no case is needed for."""
