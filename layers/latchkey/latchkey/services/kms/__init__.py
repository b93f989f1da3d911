"""AWS KMS: the keys behind resources, which no config names."""
