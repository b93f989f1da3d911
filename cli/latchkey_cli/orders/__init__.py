"""The commands that suspend, resume and revoke live grants."""
