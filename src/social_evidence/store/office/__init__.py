"""The office: a database of returns, answers and registers, on SQLite or PostgreSQL."""
