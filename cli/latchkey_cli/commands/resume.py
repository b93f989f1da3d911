"""`latchkey resume`: restores suspended access."""

from latchkey_cli.ordering import order_command

command = order_command("resume", "Restore the access of a suspended grant.")
