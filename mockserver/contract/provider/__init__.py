"""The server's side of the contract: generated requests, each with the verdict that it must get."""
