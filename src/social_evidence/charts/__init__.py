"""Charts as SVG text: frozen records in, strings out. Pure: the site puts them in place."""
