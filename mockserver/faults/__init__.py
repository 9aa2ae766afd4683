"""What can go wrong: one small frozen value each, wrapping an ASGI app, so that any of them can be stacked."""
