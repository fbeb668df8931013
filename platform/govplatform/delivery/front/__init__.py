"""The front server: its configuration, made of the same constants as the files that it sends."""
