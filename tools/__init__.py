"""What developers run, each by `python -m tools.<name>` or its target in the Makefile."""
