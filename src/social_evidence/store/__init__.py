"""Releases: immutable folders with hashes, provenance and revisions."""
