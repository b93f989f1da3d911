"""The command line `latchkey`: what ops do with Latchkey, without a Lambda log to read."""
