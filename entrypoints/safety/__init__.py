"""What keeps people safe, as data: rules on words, texts by country and by law."""
