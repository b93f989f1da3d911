"""Amazon Athena: queries in one workgroup, with its result location."""
