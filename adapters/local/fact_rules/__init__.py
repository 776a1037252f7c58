"""Facts by rules: a message is cut into clauses, and each clause is read by tables of patterns.

``sentences`` cuts, ``screening`` leaves out what tells nothing lasting, ``dates`` finds when,
the tables (``identity``, ``work``, ``beings``, ``tastes``, ``days``, …) say what, ``reading`` puts
it together. ``forgetting`` hears what shall not be known any more. ``other_languages`` has the core
of it for five more.
"""
