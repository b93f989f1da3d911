"""Makes the schemas and the reference pages, from the models themselves."""
