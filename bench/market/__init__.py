"""The same market for every server: people, what they talk about and what they said, made from numbers."""
