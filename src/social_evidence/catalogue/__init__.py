"""Definitions in TOML, read into frozen model records; every fault of a folder at once."""
