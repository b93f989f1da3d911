"""AWS Lambda: invoking one function, or one version or alias of it."""
