"""What is asked: a question and the turns before it become a query, and what it needs is told."""
