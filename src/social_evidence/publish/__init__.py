"""Publish: the files that a release is given to people and to other software in."""
