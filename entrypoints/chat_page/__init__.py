"""The page on which the product is tried in a browser, in development."""
