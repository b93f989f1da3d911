"""`latchkey suspend`: denies all access at once, and keeps the role."""

from latchkey_cli.orders.command import order_command

command = order_command("suspend", "Deny all access of a grant at once, and keep its role.")
