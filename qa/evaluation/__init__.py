"""Figures of questions with known answers, and the page that shows them."""
