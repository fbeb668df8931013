"""Front nodes: servers elsewhere that send the same files. The centre pushes; a node has no credential to it.

``node.py`` and ``accepting.py`` run on the node, without a database and without Django; the rest at the centre.
"""
