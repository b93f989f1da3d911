"""What commits change in config files: found in git, planned, and applied."""
