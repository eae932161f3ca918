"""What speaks for a sentence as an answer: each module looks for one sign, `gathering` brings them together."""
