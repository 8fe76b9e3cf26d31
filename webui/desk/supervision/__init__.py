"""What a supervising body sees of those below it, the answers to a hastening, and what a body looks over."""
