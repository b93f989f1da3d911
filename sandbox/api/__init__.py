"""What the sandbox answers HTTP requests with: AWS's API behind an auth proxy, and its own."""
