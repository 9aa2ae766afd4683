"""The client's side of the contract: what it sends, what it returns, and how it takes each failure."""
