"""A news site for tools/bench-serving.sh: one feed, 25 articles of seeded words; GET /edit rewrites a paragraph of each.

Usage: bench_serving_site.py PORT
"""

import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARTICLES = 25
# Random letters compress about as badly as the texts of 25 reporters.
LETTERS = "aabcdeeeefghiijklmnnoopqrrssttuvwxyz"


class Site(BaseHTTPRequestHandler):
    edited = False

    def do_GET(self):
        if self.path == "/edit":
            Site.edited = True
            self.answer("text/plain", "edited")
        elif self.path == "/feed.xml":
            here = f"http://{self.headers['Host']}"
            entries = "".join(
                f"<item><title>Report {n}</title><link>{here}/{n}</link><guid>{n}</guid></item>" for n in range(ARTICLES)
            )
            self.answer("application/rss+xml", f'<rss version="2.0"><channel><title>Site</title>{entries}</channel></rss>')
        elif self.path.strip("/").isdigit():
            self.answer("text/html; charset=utf-8", article(int(self.path.strip("/"))))
        else:
            self.send_error(404)

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def word(letters):
    return "".join(letters.choices(LETTERS, k=letters.randint(3, 10)))


def article(number):
    """The article. After an edit of the site, two paragraphs are rewritten."""
    paragraphs = []
    for place in range(8):
        rewritten = Site.edited and place in (2, 5)
        words = random.Random(number * 100 + place + (50 if rewritten else 0))
        sentence = " ".join(word(words) for _ in range(45))
        paragraphs.append(f"<p>{sentence.capitalize()}.</p>")
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Report {number}</title></head><body><article>'
        f"<h1>Report {number} of the council</h1>{''.join(paragraphs)}</article></body></html>"
    )


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Site).serve_forever()
