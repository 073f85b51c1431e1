"""Numbers to words: rounding for readers and the sentences around it. Pure."""
