# Prints what OpenStack's notification listener hears, one JSON document in each line.
import json
import sys

from oslo_config import cfg
import oslo_messaging


class Endpoint:
    def info(self, context, publisher_id, event_type, payload, metadata):
        print(json.dumps({"context": context, "publisher": publisher_id, "event": event_type, "payload": payload,
                          "metadata": metadata}), flush=True)


transport = oslo_messaging.get_notification_transport(cfg.ConfigOpts(), url=sys.argv[1])
listener = oslo_messaging.get_notification_listener(
    transport, [oslo_messaging.Target(exchange=sys.argv[2], topic="notifications")], [Endpoint()], executor="threading")
listener.start()
print("listening", flush=True)
listener.wait()
