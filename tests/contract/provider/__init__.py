"""The gate: the server against its contract, and seeded bugs against the gate."""
