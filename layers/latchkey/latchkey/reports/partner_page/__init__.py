"""A page about one partner, for an auditor: what it may do, what it could ever do, and why."""
