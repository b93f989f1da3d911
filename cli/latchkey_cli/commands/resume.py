"""`latchkey resume`: gives back what an order suspended."""

from latchkey_cli.ordering import order_command

command = order_command("resume", "Give a suspended grant back what its file says.")
