"""Areas of an invented town: two boroughs, as the catalogues of several tests have them."""

from __future__ import annotations

AREAS = """
[[areas]]
code = "T"
name = "Town"
kind = "city"
[[areas]]
code = "N"
name = "North"
kind = "borough"
parent = "T"
[[areas]]
code = "S"
name = "South"
kind = "borough"
parent = "T"
"""
