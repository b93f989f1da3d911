"""Reading configuration everywhere in the account, by policies that AWS keeps, and no data."""
