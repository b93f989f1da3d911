"""The steps of the GitHub action (`action.yml`) that are more than a command."""
