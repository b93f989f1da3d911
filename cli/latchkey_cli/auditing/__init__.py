"""Findings about the roles that other accounts may assume."""
