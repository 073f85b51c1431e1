"""Plans to totals: SQL on an embedded engine, one scan a table."""
