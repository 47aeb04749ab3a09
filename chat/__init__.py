"""What is allowed, and what happens: rules, refusals, events and the unit of work."""
