"""Tools that have never heard of a message: settings, tokens, the hub, files, limits."""
