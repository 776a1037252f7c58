"""What the ports are made of: one package for each technology."""
