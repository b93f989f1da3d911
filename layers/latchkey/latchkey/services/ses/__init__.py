"""Amazon Simple Email Service: sending from one identity."""
