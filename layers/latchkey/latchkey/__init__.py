"""Latchkey: time-bound cross-account access for partners, from one JSON file per grant."""
