"""The nouns: frozen records, named as in the glossary."""
