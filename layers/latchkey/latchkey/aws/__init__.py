"""One gateway per AWS service; clients are passed in, errors are translated in one place."""
