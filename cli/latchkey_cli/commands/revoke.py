"""`latchkey revoke`: ends a grant."""

from latchkey_cli.orders.command import order_command

command = order_command("revoke", "End a grant: remove its permissions, then its role.")
