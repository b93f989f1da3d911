"""The pure core: what a grant is, what its role must look like, and how to get there.

Nothing here knows AWS clients, the clock, the environment or a logger. Times and account facts
are passed in; results are frozen data.
"""
