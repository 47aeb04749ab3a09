"""Other servers that do the same work, written as their own documentation would have them; and what bounds them all."""
