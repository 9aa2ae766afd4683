"""The harness that holds a server against what the real API was seen to do; it knows only a base URL."""
