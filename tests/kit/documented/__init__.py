"""Examples that the documentation shows, and that tests hold."""
