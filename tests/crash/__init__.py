"""A server of its own process that dies, and clients that go on."""
