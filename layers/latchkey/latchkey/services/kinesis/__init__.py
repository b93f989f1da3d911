"""The service `kinesis`."""
