"""The project's own template, transformed and deployed as a stack."""
