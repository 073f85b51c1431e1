"""Synthetic London: one invented population and the files each source would publish of it."""
