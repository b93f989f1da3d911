"""The register: who has access to what until when, as one page that needs nothing around it."""
