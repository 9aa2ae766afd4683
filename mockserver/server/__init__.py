"""Runs the app on real sockets: in the foreground, in several processes, or in a thread of a test."""

from mockserver.server.foreground import run, serve
from mockserver.server.protocol import Protocol
from mockserver.server.sockets import BindError, bind, local_url
from mockserver.server.thread import ServerThread

__all__ = ["BindError", "Protocol", "ServerThread", "bind", "local_url", "run", "serve"]
