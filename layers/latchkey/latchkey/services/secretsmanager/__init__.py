"""The service `secretsmanager`."""
