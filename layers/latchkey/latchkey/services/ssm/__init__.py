"""The service `ssm`."""
