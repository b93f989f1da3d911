"""`make release`: what a release consists of, from the sources alone and the same at every time."""
