"""`latchkey resume`: restores suspended access."""

from latchkey_cli.orders.command import order_command

command = order_command("resume", "Restore the access of a suspended grant.")
