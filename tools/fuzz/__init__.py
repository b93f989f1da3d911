"""Looks for config files that are read wrongly, until time is up."""
