"""The AWS services that a config may name, one folder each."""
