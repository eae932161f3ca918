"""The trained network that reads a question with a passage."""
