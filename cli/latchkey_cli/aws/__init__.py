"""Access to AWS: the stack, its workflow runs and buckets, and the account's roles."""
