"""Amazon CloudWatch Logs: reading one log group, or writing to it."""
