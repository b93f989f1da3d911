"""Preflight: every resource that a config names is looked up before anything is changed."""
