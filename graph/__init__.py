"""How people ask: the GraphQL schema, its resolvers, the HTTP endpoint, the socket and the command line."""
