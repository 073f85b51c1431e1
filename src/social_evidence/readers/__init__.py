"""Files to tables. A reader reads: it never recodes, renames or drops."""
