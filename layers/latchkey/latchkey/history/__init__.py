"""Who had access to what, and when."""
