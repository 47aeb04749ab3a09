"""The load: lean clients that count what they are answered, so that the servers are what is measured."""
