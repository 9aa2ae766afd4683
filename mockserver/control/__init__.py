"""`/_mock/…`: what a test asks of the server itself."""

from mockserver.control.api import Control

__all__ = ["Control"]
