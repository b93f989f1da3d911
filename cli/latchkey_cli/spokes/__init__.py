"""Accounts beside the stack's own that it may grant in: what is known of each, and enrolment."""
