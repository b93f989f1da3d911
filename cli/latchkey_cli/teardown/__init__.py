"""Taking a stack out of service, so that it can be deleted."""
