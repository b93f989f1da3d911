"""Tests that import a package of a later set of requirements, which `make test` goes without."""

LATER_SETS = {"browser": "playwright", "sam_local/test_endpoint.py": "samcli"}
"""The test or its folder, below `tests`, and the package."""
