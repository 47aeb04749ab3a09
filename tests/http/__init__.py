"""The HTTP side: what a client may send, and what it is told when it may not."""
