"""Deliberate breakages of what decides about access; each has to be caught by a test."""
