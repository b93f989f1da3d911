"""What the functions do: each module one use case, on gateways that are passed in."""
