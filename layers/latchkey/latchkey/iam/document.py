"""Policy documents, as IAM knows them."""

from typing import Any

Document = dict[str, Any]
"""A policy as JSON data."""
