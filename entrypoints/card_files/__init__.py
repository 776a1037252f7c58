"""The files that characters come in: JSON, PNG and APNG, CHARX. Bytes in, values out, and back.

Everything here is pure and bounded in what it allocates, but may take some tenths of a second:
whoever serves others meanwhile calls it in a thread (``Workbench``).
"""
