"""A grant: its record and lifecycle, its role as desired and observed, and the plan."""
