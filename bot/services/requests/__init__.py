"""What people ask for, from the form to the thanks, for every kind of request."""
