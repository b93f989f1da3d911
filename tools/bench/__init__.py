"""Benchmarks, run by `make bench`; none of them is a test, and none fails for being slow."""
