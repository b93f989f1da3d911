"""Amazon EventBridge: putting events on one bus."""
