"""The language of policies: ARNs, patterns, conditions, principals, comparison."""
