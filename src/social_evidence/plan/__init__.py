"""Measures to scans and scans to arrays: the narrow waist. Pure."""
