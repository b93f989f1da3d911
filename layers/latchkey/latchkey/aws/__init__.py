"""One gateway per AWS service; clients are passed in, and ClientError is translated in one place."""
