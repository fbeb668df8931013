"""互动交流: the forms by which citizens write and ask, the console's screens of cases, and their answers as pages."""
