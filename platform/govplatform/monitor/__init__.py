"""What those who run the platform ask of it: figures, whether it lives, whether it is ready. On a port of its own."""
