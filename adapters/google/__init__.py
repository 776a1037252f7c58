"""Google Play: what is sold there, by the Play Developer API, its notifications by Pub/Sub."""
