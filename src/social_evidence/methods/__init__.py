"""Estimators: arrays in, arrays out. Pure NumPy and SciPy."""
