"""Whatever fails: every upload ends as its newest file asks, and everybody can see it."""
