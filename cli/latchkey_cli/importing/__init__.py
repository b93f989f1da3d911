"""Configs for roles that were created by hand."""
