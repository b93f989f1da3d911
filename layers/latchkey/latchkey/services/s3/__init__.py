"""The service `s3`."""
