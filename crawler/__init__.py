"""Firstprint: crawl the sites that republish news, and say who printed it first."""

__version__ = "0.1.0"
