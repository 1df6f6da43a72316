"""An AMQP producer or consumer that stays connected for a while."""

import random
import sys
import time

import pika

mode, address, port, count, rng = *sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4]), random.Random(int(sys.argv[5]))
parameters = pika.ConnectionParameters(address, port, heartbeat=rng.choice((4, 30)), socket_timeout=20)
with pika.BlockingConnection(parameters) as connection:
    channel = connection.channel()
    channel.queue_declare("work", durable=False)
    if mode == "publish":
        channel.confirm_delivery()
        for _ in range(count):
            channel.basic_publish("", "work", rng.randbytes(rng.randint(20, 3000)))
            connection.sleep(rng.uniform(0, 0.3))
    else:
        channel.basic_qos(prefetch_count=rng.choice((1, 10)))
        end = time.monotonic() + count
        for method, _, _ in channel.consume("work", inactivity_timeout=1):
            if method:
                channel.basic_ack(method.delivery_tag)
            if time.monotonic() > end:
                break
        channel.cancel()
