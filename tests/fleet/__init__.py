"""Several servers on one PostgreSQL behave as one, whatever happens to what is between them."""
