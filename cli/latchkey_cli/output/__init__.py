"""How commands print: tables, plans, progress, problems."""
