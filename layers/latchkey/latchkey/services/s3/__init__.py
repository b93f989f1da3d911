"""Amazon S3: objects of one bucket, or of one folder in it."""
