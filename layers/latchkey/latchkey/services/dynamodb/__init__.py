"""The service `dynamodb`."""
