"""What is measured has to be measured right."""
