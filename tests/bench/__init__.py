"""The bench measures what it says: its arithmetic, its clients, its comparison of answers."""
