"""When things are fetched: the spider, what one visit to a site is, and when a page is looked at again."""
