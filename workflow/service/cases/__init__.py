"""Cases: filed, registered, moved, read, listed, verified."""
