"""Amazon SNS: publishing to one topic."""
