"""The service `events`."""
