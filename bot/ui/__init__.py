"""Discord, but no commands: from results to what people see, and from presses to use cases."""
