"""What runs beside the workflow: intake, sweep, drift check, digest, register, bulk actions."""
