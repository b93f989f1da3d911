"""Everything that the sandbox changes in moto.

A fix is a function whose docstring says which lines of moto 5.2.5 it mends. `registry` lists them
all; `tests/unit/test_sandbox_moto_*.py` has one test per fix that fails when moto mends it.
"""
