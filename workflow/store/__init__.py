"""What is kept: mappings, unit of work, queries, migrations. Everything that knows SQL is here."""
