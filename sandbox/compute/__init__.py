"""Where functions run, and what invokes them: workers, event source mappings, targets."""
