"""Pure rules: no clock, no table, no Discord, nothing but the standard library."""
