"""Pages of people who look for an opening and apply."""
