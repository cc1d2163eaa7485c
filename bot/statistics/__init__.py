"""Statistics: counted, drawn and made safe in a process of their own."""
