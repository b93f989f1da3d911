"""IAM as the sandbox enforces it: who calls, what a call requires, and whether it is allowed."""
