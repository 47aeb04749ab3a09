"""GraphQL clients for browsers, run under Node against a real server process."""
