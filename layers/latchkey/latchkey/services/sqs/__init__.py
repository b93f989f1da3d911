"""Amazon SQS: sending to one queue, or consuming from it."""
