# Prints what OpenStack's notification listener hears, one JSON document in each line.
import json
import sys

from oslo_config import cfg
import oslo_messaging


class Endpoint:
    def info(self, context, publisher_id, event_type, payload, metadata):
        heard = {"context": context, "publisher": publisher_id, "event": event_type, "payload": payload, "metadata": metadata}
        print(json.dumps(heard), flush=True)


conf = cfg.ConfigOpts()
transport = oslo_messaging.get_notification_transport(conf, url=sys.argv[1])
listener = oslo_messaging.get_notification_listener(
    transport, [oslo_messaging.Target(exchange=sys.argv[2], topic="notifications")], [Endpoint()], executor="threading")
# One after the other: in the order in which they were told.
conf.set_override("executor_thread_pool_size", 1)
listener.start()
print("listening", flush=True)
listener.wait()
