"""A seeded simulation of the log and its bells: several processes, in virtual time, under every mishap we know of."""
