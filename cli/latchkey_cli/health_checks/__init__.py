"""The checks of `latchkey doctor`: whether a stack is healthy, and what to do if not."""
