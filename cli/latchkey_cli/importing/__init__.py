"""From a hand-made role to the config that describes it, and to what could not be kept."""
