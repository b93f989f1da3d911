"""Amazon Elastic Container Registry: the images of one repository."""
