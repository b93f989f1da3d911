"""The partner config and the guardrails: schema, reader, rules, problems."""
