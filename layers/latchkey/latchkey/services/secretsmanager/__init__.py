"""AWS Secrets Manager: the value of one secret."""
