"""Reads a mailbox with IMAP or POP3 and stays connected for a while, waiting for new letters."""

import imaplib
import poplib
import random
import ssl
import sys
import time

from testbed import accounts

protocol, address, port, tls, wait, seed = (
    *sys.argv[1:3],
    int(sys.argv[3]),
    sys.argv[4],
    float(sys.argv[5]),
    sys.argv[6],
)
user, password = accounts.USER, accounts.PASSWORD
rng = random.Random(int(seed))
context = ssl._create_unverified_context()  # noqa: S323 - the certificate is not the point here


def read_imap() -> None:
    """Look at the newest letters, then IDLE."""
    box = imaplib.IMAP4(address, port, timeout=25)
    if tls == "starttls":
        box.starttls(context)
    box.login(user, password)
    box.select("INBOX")
    box.search(None, "ALL")
    box.fetch("1:*", "(FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)])")
    for number in rng.sample(range(1, 41), rng.randint(1, 4)):
        box.fetch(str(number), "(BODY.PEEK[])")
        time.sleep(rng.uniform(0, 1.5))
    box.send(b"X1 IDLE\r\n")
    box.readline()
    time.sleep(wait)
    box.send(b"DONE\r\n")
    while not box.readline().startswith(b"X1"):
        pass  # letters that came in the meantime
    box.logout()


def read_pop3() -> None:
    """Fetch a few letters."""
    box = poplib.POP3(address, port, timeout=25)
    if tls == "starttls":
        box.stls(context)
    box.user(user)
    box.pass_(password)
    box.list()
    for number in rng.sample(range(1, 41), rng.randint(1, 5)):
        box.retr(number)
    time.sleep(wait)
    box.quit()


read_imap() if protocol == "imap" else read_pop3()
