"""What a function runs on: settings, clients, wiring, logs and metrics, cold start."""
