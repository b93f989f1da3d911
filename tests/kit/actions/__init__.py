"""GitHub, as far as it can be played: a runner of composite actions, and a fake of its API."""
