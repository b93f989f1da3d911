"""Amazon SageMaker AI: invoking one endpoint."""
