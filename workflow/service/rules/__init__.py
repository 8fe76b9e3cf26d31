"""The rules of a body: bodies, settings and calendar, and the due days that move with them."""
