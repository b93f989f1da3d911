"""AWS KMS: the use of one key, and the keys behind other resources, which no config names."""
