"""The shapes of bodies, going in and coming out: what the OpenAPI document is made from."""
