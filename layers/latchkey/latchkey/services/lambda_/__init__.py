"""The service `lambda`."""
