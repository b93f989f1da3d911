"""Planning: from a request to what has to change."""
