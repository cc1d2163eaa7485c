"""The playground: what it shows, that it starts again quickly, and the whole path in a browser."""
