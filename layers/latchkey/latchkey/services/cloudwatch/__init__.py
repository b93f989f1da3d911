"""Amazon CloudWatch: reading metrics, or putting them."""
