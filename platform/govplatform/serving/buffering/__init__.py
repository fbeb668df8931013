"""The web server's way with clients: a request is taken in whole, then answered, then sent (decision 036).

A thread works while an answer is made, never while a client sends or reads. The parts: ``limits`` (all numbers),
``parsing`` (one request), ``channel`` (one connection), ``watching`` and ``listening`` (all connections of a process),
``worker`` (the process, under gunicorn), ``refusing`` (what a person reads who is refused here).
"""
