"""The house's own rules: what no linter checks, read from the source itself."""
