"""What tests and tools share: examples, fakes, and the whole stack in one process.

It imports nothing of the tests of one folder and no tool (`tests/contract/test_imports.py`).
"""
