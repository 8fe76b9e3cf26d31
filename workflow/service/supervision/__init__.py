"""What a supervising body sees of the bodies below it, and how it hastens them (催办)."""
