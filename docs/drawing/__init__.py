"""Pictures and tables of the pages, drawn from the code so that they can't go stale; Mermaid, which code hosts show."""
