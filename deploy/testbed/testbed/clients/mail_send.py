"""A program that sends several letters, one with an attachment, over one connection."""

import random
import smtplib
import ssl
import sys
from email.message import EmailMessage

from testbed.names import WORDS

address, port, tls, count, size, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:7])
rng = random.Random(seed)
with smtplib.SMTP(address, port, local_hostname="client.example", timeout=25) as smtp:
    if tls == "starttls":
        smtp.starttls(context=ssl._create_unverified_context())  # noqa: S323 - as mail servers do among each other
    for number in range(count):
        letter = EmailMessage()
        letter["From"], letter["To"] = "list@sender.example", f"{rng.choice(WORDS)}@example.test"
        letter["Subject"] = " ".join(rng.choice(WORDS) for _ in range(4))
        letter.set_content("\n".join(" ".join(rng.choice(WORDS) for _ in range(10)) for _ in range(rng.randint(3, 40))))
        if number == 0:
            letter.add_attachment(rng.randbytes(size), maintype="application", subtype="pdf", filename="report.pdf")
        smtp.send_message(letter)
