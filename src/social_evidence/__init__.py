"""Measure, publish and improve social integration: one definition, three populations."""
