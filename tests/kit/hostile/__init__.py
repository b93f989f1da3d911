"""Hostile input: a corpus of bad configs, what must become of each, and a fuzzer."""
