"""What an operator gets: one archive with everything in it, and what installs it (docs/offline.md)."""
