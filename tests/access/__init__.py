"""Who may see and do what: a matrix made from the schema, which must know every name that a client can give."""
