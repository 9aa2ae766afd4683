"""What is shown of a certification, and the command."""
