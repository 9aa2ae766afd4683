"""What is shown of a matrix: one form per file, each a pure function from a matrix to text."""
