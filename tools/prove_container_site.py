"""A news site of one article, news.test, and the DNS server that knows it; for tools/prove-container.sh.

From the third request on, the article has another text. Needs only the standard library, and a network namespace in which ports
53 and 80 are free.
"""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = b"\x04news\x04test\x00"
LOOKS_BEFORE_THE_EDIT = 2

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Proof</title><link>http://news.test/</link>
<description>One article</description><item><title>Bridge to close</title><link>http://news.test/bridge</link>
<guid>http://news.test/bridge</guid></item></channel></rss>"""

PAGE = """<!doctype html><html lang="en"><head><title>Bridge to close</title></head><body><article><h1>Bridge to close</h1>
<p>The old bridge over the river will close for repairs in spring, the county's engineers said on Monday.</p>
<p>The work is expected to take {weeks} weeks and to cost less than was planned, according to the report they published.</p>
<p>Buses will take the northern road meanwhile, and people on foot can use the ferry, which runs every half hour.</p>
</article></body></html>"""


class Site(BaseHTTPRequestHandler):
    """Answers GET; logs each request to standard error."""

    looks = 0

    def do_GET(self):
        if self.path == "/feed.xml":
            return self.answer("application/rss+xml", FEED)
        if self.path == "/bridge":
            Site.looks += 1
            weeks = "six" if Site.looks <= LOOKS_BEFORE_THE_EDIT else "fourteen"
            return self.answer("text/html; charset=utf-8", PAGE.format(weeks=weeks))
        return self.send_error(404)

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def answer_names(server):
    """Answers every query: 127.0.0.1 for news.test's A, no records for its other types, NXDOMAIN for other names."""
    while True:
        query, sender = server.recvfrom(1024)
        end = query.index(b"\x00", 12) + 1
        known, kind = query[12:end] == NAME, query[end : end + 2]
        has_address = known and kind == b"\x00\x01"
        flags = b"\x81\x80" if known else b"\x81\x83"
        head = query[:2] + flags + b"\x00\x01" + (b"\x00\x01" if has_address else b"\x00\x00") + b"\x00\x00\x00\x00"
        record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01" if has_address else b""
        server.sendto(head + query[12 : end + 4] + record, sender)


if __name__ == "__main__":
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    threading.Thread(target=answer_names, args=(names,), daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", 80), Site).serve_forever()
