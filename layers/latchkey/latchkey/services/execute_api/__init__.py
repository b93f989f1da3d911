"""Amazon API Gateway: calling one API, or one stage of it."""
