"""Latchkey: time-bound cross-account access for partners, from one JSON file per grant."""

__version__ = "0.1.0"
