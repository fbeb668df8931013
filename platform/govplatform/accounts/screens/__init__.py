"""What every console screen stands on: who opens it, the way back, refusals, pages of a list, the menu."""
