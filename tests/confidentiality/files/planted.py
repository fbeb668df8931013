"""The number that is planted everywhere: valid, of nobody."""

NUMBER = "11010519491231002X"
