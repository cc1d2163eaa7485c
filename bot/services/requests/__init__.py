"""What people ask for, from the form to the thanks, whatever kind of request it is."""
