"""Conversations that are kept: written, shown again, compared with today's articles, exported."""
