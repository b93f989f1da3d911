"""Amazon DynamoDB: the items of one table, with its indexes."""
