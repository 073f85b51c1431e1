"""Made-up files in real formats. What they hold describes nobody, and says so."""
