"""The one place that puts gateways into what a function does: `steps` and `jobs`."""
