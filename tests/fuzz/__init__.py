"""Chance against the server: bodies, operations and sockets that nobody would write, each of which must be answered."""
