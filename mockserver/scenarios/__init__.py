"""Edge cases by name: what goes wrong, where it was seen, and what a well-behaved client does about it."""
