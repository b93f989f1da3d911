"""The service `sns`."""
