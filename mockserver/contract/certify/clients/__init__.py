"""The clients that can be certified: ready-made ones, any Python callable, any command."""
