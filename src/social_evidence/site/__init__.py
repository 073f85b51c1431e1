"""Pages: a release as a static site, complete without script."""
