"""Faults and the catalogue, met by a client that reads raw TCP."""
