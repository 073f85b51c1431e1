"""Methods for initiatives: change, drop-out, benchmarks, areas, pooling, planning, strength."""
