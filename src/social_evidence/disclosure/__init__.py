"""Rules that keep people from being found. Pure."""
