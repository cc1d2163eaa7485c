"""What is understood of a file that a person sends; it is opened in a process that can be killed, and never kept."""
