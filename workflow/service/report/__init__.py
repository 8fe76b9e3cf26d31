"""The annual report: register, tables, life of a version, and the sum of the bodies below."""
