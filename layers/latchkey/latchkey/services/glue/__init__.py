"""AWS Glue Data Catalog: the metadata of one database and its tables."""
