"""An offline stand-in for the OpenAI Images API."""

__version__ = "0.1.0"
