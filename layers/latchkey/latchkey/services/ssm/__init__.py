"""AWS Systems Manager Parameter Store: one parameter, or all below one path."""
