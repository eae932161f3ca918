"""From the bytes of a file to an article: blocks are read, mended, and described by their metadata."""
