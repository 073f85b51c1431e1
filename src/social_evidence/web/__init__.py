"""The office's pages, for one machine: no script, no cookie, nobody else's address answered."""
