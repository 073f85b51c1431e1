"""Counted and published tables about synthetic London, each laid out as its publisher does.

Tables are small: the years that are not asked for cost nothing, so each holds all its years up to
the last one asked for.
"""
