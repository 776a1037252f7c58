"""What the pages for trying the product share."""
