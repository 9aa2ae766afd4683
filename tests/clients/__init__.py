"""Real clients, unmodified, on their journeys through the server."""
