"""The service `sqs`."""
