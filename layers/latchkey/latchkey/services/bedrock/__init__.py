"""Amazon Bedrock: invoking one model."""
