"""Participants, returns and registers of initiatives, made up, with known true effects."""
