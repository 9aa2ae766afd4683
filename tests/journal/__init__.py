"""The journal: what is kept of each exchange, and what can be asked of it."""
