"""What AWS refuses whoever asks: README.md, "What it refuses", names the document of each."""
