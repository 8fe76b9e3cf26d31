"""The shell's door to the use cases. Exit code 0: done; 1: refused or not sound; 2: not readable."""
