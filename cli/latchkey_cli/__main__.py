"""`python -m latchkey_cli` is `latchkey`."""

from latchkey_cli.main import main

main()
