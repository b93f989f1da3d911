"""The service `custom`."""
