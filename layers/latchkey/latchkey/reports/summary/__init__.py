"""What a plan does, in plain language and with the risk first, from the policies themselves."""
