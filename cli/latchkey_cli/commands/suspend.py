"""`latchkey suspend`: stops access at once, and keeps the role."""

from latchkey_cli.ordering import order_command

command = order_command("suspend", "Stop a grant at once, sessions included, and keep its role.")
