"""`latchkey revoke`: takes access away for good."""

from latchkey_cli.ordering import order_command

command = order_command("revoke", "Take the role of a grant away; sessions end at once.")
