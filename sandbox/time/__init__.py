"""The clock of the sandbox, and the schedules that fire by it."""
