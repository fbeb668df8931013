"""One order of locks for every act (deploy/decisions/018-one-lock-order.md).

``order.py`` is the table, ``holding.py`` the one place where locks are taken.
"""
