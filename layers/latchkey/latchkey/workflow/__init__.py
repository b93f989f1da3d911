"""The steps of a run: plan, apply, record, notify."""
