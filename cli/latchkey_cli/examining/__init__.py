"""Whether a stack is healthy: one check each, with what to do about it."""
