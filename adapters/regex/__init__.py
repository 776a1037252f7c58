"""Regular expressions by mrabarnett's regex, which can be told when to give up."""
