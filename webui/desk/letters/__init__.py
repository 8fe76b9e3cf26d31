"""The letters of a case at the desk: composed with their event, brought back, and the book of numbers."""
