"""What keeps people safe, as data files beside the code that reads them."""
