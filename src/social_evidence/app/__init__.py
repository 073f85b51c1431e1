"""Use cases, one module each: the only place that wires edges to core."""
