"""The program of tools/prove-readers.sh: a news site that edits its articles, a redraft that watches it, a relay that records the
answers to readers, and the readers."""

import email.header
import http.client
import http.server
import importlib.util
import json
import mailbox
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import xml.parsers.expat

PATIENCE_S = 60
"""Longest wait for an event that should be immediate."""

TEXT = [
    "The town council approved a budget of 12 million crowns for the {name} on Saturday after a debate of five hours.",
    "Mayor Jane Miller said the money would be spent on the {name}, which has been closed since the storm in March.",
    "The opposition had asked for a smaller sum and for a report on the state of the {name} before any work begins.",
    "Work is to start in October and should be finished by the end of next year, the council said in a statement.",
]
STORIES = {"quay": 12, "bridge": 12, "theatre": 12}
"""The present figure (in millions) of each story, by name."""


class Site(http.server.BaseHTTPRequestHandler):
    """The news site."""

    def do_GET(self):
        name = self.path.strip("/")
        if name == "feed.xml":
            host = self.headers["Host"]
            entries = "".join(f"<item><title>{n}</title><link>http://{host}/{n}</link></item>" for n in STORIES)
            return self.answer("application/rss+xml", f"<rss version='2.0'><channel><title>Echo</title>{entries}</channel></rss>")
        if name not in STORIES:
            return self.send_error(404)
        text = "".join(f"<p>{line.format(name=name)}</p>" for line in TEXT).replace("12 million", f"{STORIES[name]} million")
        title = f"Council approves money for the {name} & “its” neighbours <soon>"
        title = title.replace("&", "&amp;").replace("<", "&lt;")
        return self.answer("text/html; charset=utf-8", f"<html lang=en><title>{title}</title><article><h1>{title}</h1>{text}</article></html>")

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Relay(http.server.BaseHTTPRequestHandler):
    """Forwards requests to redraft unchanged and records the status of each answer."""

    port = 0
    seen = []

    def do_GET(self):
        ours = http.client.HTTPConnection("127.0.0.1", Relay.port, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        ours.request("GET", self.path, headers=headers)
        answer = ours.getresponse()
        body = answer.read()
        Relay.seen.append((self.headers.get("User-Agent", ""), self.path, answer.status))
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(what, check):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"FAIL  {what}: not within {PATIENCE_S} s")


def run(*command, **more):
    """Runs a reader; shows its error output only if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, stdin=subprocess.DEVNULL, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


# ── the readers: each has a name, knows whether it is installed, fetches, and returns its entries as (id, title, text) ──


class Newsboat:
    name = "newsboat"
    here = staticmethod(lambda: shutil.which("newsboat"))

    def __init__(self, home, feed):
        self.home = home
        open(f"{home}/urls", "w").write(feed + "\n")
        open(f"{home}/config", "w").close()

    def fetch(self):
        run("newsboat", "-q", "-u", f"{self.home}/urls", "-C", f"{self.home}/config", "-c", f"{self.home}/db", "-x", "reload")

    def entries(self):
        return sqlite3.connect(f"{self.home}/db").execute("select guid, title, content from rss_item").fetchall()


class Sfeed:
    name = "sfeed"
    gives_no_conditions = True
    here = staticmethod(lambda: shutil.which("sfeed_update"))

    def __init__(self, home, feed):
        self.home = home
        open(f"{home}/sfeedrc", "w").write(f'sfeedpath="{home}/feeds"\nfeeds() {{\n\tfeed "edits" "{feed}"\n}}\n')

    def fetch(self):
        run("sfeed_update", f"{self.home}/sfeedrc")

    def entries(self):
        rows = [line.rstrip("\n").split("\t") for line in open(f"{self.home}/feeds/edits", encoding="utf-8")]
        return [(row[5], row[1], row[3].replace("\\n", "\n")) for row in rows]


class Rss2email:
    name = "rss2email"
    here = staticmethod(lambda: shutil.which("r2e"))

    def __init__(self, home, feed):
        self.home, self.base = home, ("r2e", "-c", f"{home}/r2e.cfg", "-d", f"{home}/r2e.json")
        run(*self.base, "new", "reader@localhost")
        text = open(f"{home}/r2e.cfg").read()
        text = re.sub("email-protocol = .*", "email-protocol = maildir", text)
        text = re.sub("maildir-path = .*", f"maildir-path = {home}/mail", text)
        open(f"{home}/r2e.cfg", "w").write(text)
        for part in ("cur", "new", "tmp"):
            os.makedirs(f"{home}/mail/inbox/{part}")
            os.makedirs(f"{home}/mail/.INBOX/{part}", exist_ok=True)
        run(*self.base, "add", "edits", feed)

    def fetch(self):
        run(*self.base, "run")

    def entries(self):
        entries = []
        for folder, _, files in os.walk(f"{self.home}/mail"):
            for file in files if folder.endswith("new") else []:
                mail = mailbox.MaildirMessage(open(f"{folder}/{file}", "rb"))
                text = mail.get_payload(decode=True).decode(mail.get_content_charset() or "ascii")
                title = email.header.make_header(email.header.decode_header(mail["Subject"]))
                entries.append((mail["Message-ID"] or file, re.sub(r"\s+", " ", str(title)), text))
        return entries


class Elfeed:
    name = "elfeed"
    here = staticmethod(lambda: shutil.which("emacs") and subprocess.run(
        ["emacs", "--batch", "--eval", "(progn (package-initialize) (require 'elfeed))"], capture_output=True).returncode == 0)

    def __init__(self, home, feed):
        self.home, self.feed = home, feed

    def lisp(self, code):
        setup = f"""(progn (package-initialize) (require 'elfeed) (require 'json)
            (setq elfeed-db-directory "{self.home}/db" elfeed-feeds '("{self.feed}") elfeed-log-level 'error) {code})"""
        return run("emacs", "--batch", "--eval", setup, env={**os.environ, "HOME": self.home})

    def fetch(self):
        self.lisp("""(elfeed-update) (let ((until (+ (float-time) 30)))
            (while (and (> (elfeed-queue-count-total) 0) (< (float-time) until)) (accept-process-output nil 0.1)))
            (elfeed-db-save)""")

    def entries(self):
        return [tuple(entry) for entry in json.loads(self.lisp("""(let (all) (with-elfeed-db-visit (entry feed)
            (push (vector (cdr (elfeed-entry-id entry)) (elfeed-entry-title entry)
                (or (elfeed-deref (elfeed-entry-content entry)) "")) all)) (princ (json-encode (vconcat all))))"""))]


class Feedparser:
    name = "feedparser"
    here = staticmethod(lambda: importlib.util.find_spec("feedparser"))

    def __init__(self, _, feed):
        self.feed, self.etag, self.modified, self.found = feed, None, None, {}

    def fetch(self):
        import feedparser

        answer = feedparser.parse(self.feed, etag=self.etag, modified=self.modified)
        if answer.bozo and answer.status != 304:
            raise RuntimeError(f"it complains: {answer.bozo_exception}")
        self.etag, self.modified = answer.get("etag", self.etag), answer.get("modified", self.modified)
        for entry in answer.entries:
            self.found[entry.id] = (entry.id, entry.title, entry.content[0].value if "content" in entry else entry.summary)

    def entries(self):
        return list(self.found.values())


class ByDateAlone(Feedparser):
    """Acts like a reader that sends only If-Modified-Since."""

    name = "feedparser, by date alone"

    def fetch(self):
        super().fetch()
        self.etag = None


class Reader:
    name = "reader"
    here = staticmethod(lambda: importlib.util.find_spec("reader"))

    def __init__(self, home, feed):
        from reader import make_reader

        self.reader = make_reader(f"{home}/db")
        self.reader.add_feed(feed)
        self.feed = feed

    def fetch(self):
        # Update this one feed: "all feeds" would skip feeds whose max-age is not over.
        self.reader.update_feed(self.feed)
        wrong = self.reader.get_feed(self.feed).last_exception
        if wrong:
            raise RuntimeError(wrong.value_str)

    def entries(self):
        return [(entry.id, entry.title, entry.get_content().value) for entry in self.reader.get_entries()]


READERS = [Newsboat, Sfeed, Rss2email, Elfeed, Feedparser, ByDateAlone, Reader]


# ── the proof ──


class Proof:
    def __init__(self, program, work):
        self.work, self.failed, self.passed = work, False, 0
        site, Relay.port = serve(Site), free_port()
        self.base = f"http://127.0.0.1:{serve(Relay)}"
        os.makedirs(f"{work}/config")
        open(f"{work}/config/sources.toml", "w").write(f'[[source]]\nurl = "http://127.0.0.1:{site}/feed.xml"\nname = "Echo"\n')
        settings = ["fetch.allow_private=127.0.0.0/8", "fetch.host_spacing=0s", "schedule.first_look=300ms", "schedule.ceiling=400ms",
                    "schedule.jitter=0"]
        command = [program, "run", "--config", f"{work}/config", "--data", f"{work}/data", "--listen", f"127.0.0.1:{Relay.port}"]
        command += ["--base-url", self.base + "/"] + [part for setting in settings for part in ("--set", setting)]
        self.log = open(f"{work}/redraft.log", "w")
        self.redraft = subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def ask(self, path):
        ours = http.client.HTTPConnection("127.0.0.1", Relay.port, timeout=30)
        try:
            ours.request("GET", path)
            answer = ours.getresponse()
            return answer.headers, answer.read().decode()
        except OSError:
            return None, ""

    def entries(self):
        return set(re.findall("<id>(tag:[^<]*/edit/[0-9]+)</id>", self.ask("/edits.atom")[1]))

    def say(self, what, wrong):
        self.failed |= bool(wrong)
        self.passed += not wrong
        print(f"FAIL  {what}: {wrong}" if wrong else f"ok    {what}", flush=True)

    def edit(self, *names):
        """Edits these stories at once and waits until redraft has published the edits. Returns the times of the edits."""
        before = len(self.entries())
        for name in names:
            STORIES[name] += 9
        wait("an edit is published", lambda: len(self.entries()) >= before + len(names))
        feed = self.ask("/edits.atom")[1]
        return sorted(re.findall("<published>([^<]*)</published>", feed))[-len(names):]

    def well_formed(self):
        for path in ("/edits.atom", "/edits.rss", "/sources/echo/edits.atom", "/articles/1/edits.rss", "/feeds.opml"):
            try:
                xml.parsers.expat.ParserCreate().Parse(self.ask(path)[1], True)
                self.say(f"{path} is XML", "")
            except xml.parsers.expat.ExpatError as error:
                self.say(f"{path} is XML", error)

    def fetch(self, reader, what):
        """Lets a reader fetch; returns the statuses that it got."""
        before = len(Relay.seen)
        try:
            reader.fetch()
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            self.say(f"{reader.name}: {what}", error)
        return [status for _, _, status in Relay.seen[before:]]

    def holds(self, reader, what, number):
        """Checks that the reader has each edit once, with a title that can be understood alone, Was above Now, and the publication named."""
        try:
            entries = reader.entries()
        except Exception as error:  # a reader's files may be broken in any way
            return self.say(f"{reader.name}: {what}", error)
        ids, titles = [entry[0] for entry in entries], [entry[1] for entry in entries]
        wrong = f"{len(ids)} entries, {len(set(ids))} ids, not {number}" if (len(ids), len(set(ids))) != (number, number) else ""
        for title in titles:
            if not re.match(r"Council approves money for the .* & “its” neighbours <soon>: .*changed \((silent|disclosed)\)$", title):
                wrong = wrong or f"a title is {title!r}"
        for _, _, text in entries:
            lines = re.sub("<[^>]*>", "", text).splitlines()
            was, now = ([line for line in lines if word in line] for word in ("Was:", "Now:"))
            if not was or not now or any("Now:" in line for line in was):
                wrong = wrong or f"Was and Now are not apart: {text[:300]!r}"
            if "(Echo)" not in re.sub(r"\s+", " ", text):
                wrong = wrong or f"the publication is not named: {text[-300:]!r}"
        return self.say(f"{reader.name}: {what}", wrong)

    def go(self):
        wait("the stories are kept", lambda: all("Version 1" in self.ask(f"/articles/{n}")[1] for n in (1, 2, 3)))
        self.edit("quay")
        readers = []
        for number, kind in enumerate(READERS):
            if not kind.here():
                print(f"--    {kind.name} is not installed")
                continue
            for format in ("atom", "rss"):
                home = f"{self.work}/reader-{number}-{format}"
                os.makedirs(home)
                try:
                    reader = kind(home, f"{self.base}/edits.{format}")
                except (RuntimeError, OSError, ImportError) as error:
                    self.say(f"{kind.name} starts", error)
                    continue
                reader.name = f"{kind.name} ({format})"
                readers.append(reader)
        for reader in readers:
            self.fetch(reader, "first fetch")
            self.holds(reader, "has the first edit", 1)
            # newsboat does not store the validators of its very first answer.
            statuses = self.fetch(reader, "second fetch") + self.fetch(reader, "second fetch, again")
            if not getattr(reader, "gives_no_conditions", False):
                self.say(f"{reader.name}: a fetch without news is a 304", "" if statuses and statuses[-1] == 304 else statuses)
            self.holds(reader, "has it once", 1)
        number, times = 1, []
        while number < 12 and (len(times) < 2 or times[0][:19] != times[1][:19]):
            times = self.edit("bridge", "theatre")
            number += 2
        self.say("two edits lie within one second", "" if times[0][:19] == times[1][:19] else times)
        for reader in readers:
            self.fetch(reader, "third fetch")
            self.holds(reader, f"has all {number} edits, two of one second among them", number)
            self.fetch(reader, "fourth fetch")
            self.holds(reader, "and none twice", number)
        self.well_formed()
        if not readers:
            self.say("a reader is installed", "none is")


def main():
    with tempfile.TemporaryDirectory() as work:
        os.environ.update({"HOME": work, "XDG_CONFIG_HOME": work, "XDG_DATA_HOME": work, "XDG_CACHE_HOME": work, "no_proxy": "*"})
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            os.environ.pop(name, None)
        proof = Proof(sys.argv[1], work)
        try:
            proof.go()
        finally:
            proof.redraft.terminate()
            proof.redraft.wait()
        print(f"{proof.passed} proved")
        return 1 if proof.failed else 0


if __name__ == "__main__":
    sys.exit(main())
