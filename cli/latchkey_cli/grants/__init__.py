"""Grants by name, and their records as people read them."""
