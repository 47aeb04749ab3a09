"""A small model of conversations, and a machine that plays against it and against a real server at once."""
