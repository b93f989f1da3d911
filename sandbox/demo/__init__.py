"""The main job of Latchkey from nothing to a revoked grant, told on a terminal."""
