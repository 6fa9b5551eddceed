"""What Heat does for a stack with an OS::Trove::Instance: its resource class, from creation to deletion, without an engine around it."""
import logging
import os
import time

from heat.engine import properties
from heat.engine import stack as heat_stack  # noqa: F401 (the resource needs it loaded)
from heat.engine.clients.os import trove as plugin
from heat.engine.resources.openstack.trove import instance as trove
from keystoneauth1 import session
from keystoneauth1.identity import v3
from troveclient import client

logging.getLogger('heat').setLevel(logging.ERROR)
access = session.Session(auth=v3.Password(
    auth_url=os.environ['OS_AUTH_URL'], username=os.environ['OS_USERNAME'], password=os.environ['OS_PASSWORD'],
    project_name=os.environ['OS_PROJECT_NAME'], user_domain_name='Default', project_domain_name='Default'))


class Plugin(plugin.TroveClientPlugin):
    def __init__(self):
        pass

    def client(self, *_, **__):
        return client.Client('1.0', session=access, service_type='database', region_name='RegionOne')


class Instance(trove.Instance):
    """The resource, in no stack."""

    def __new__(cls, wanted):
        return object.__new__(cls)

    def __init__(self, wanted):
        self.name = 'heat'
        self.resource_id = None
        self._href = self._dbinstance = None
        self.properties = properties.Properties(self.properties_schema, wanted, parent_name='heat')

    def client(self, *_, **__):
        return Plugin().client()

    def client_plugin(self, *_):
        return Plugin()

    def resource_id_set(self, value):
        self.resource_id = value


class Stack:
    name, id = 'stack', '1'


Instance.stack = property(lambda self: Stack())


def until(check, argument):
    last = time.monotonic() + 300
    while not check(argument):
        assert time.monotonic() < last, f'{check.__name__} is not true after five minutes'
        time.sleep(1)


def changed(**wanted):
    updates = master.handle_update(None, None, wanted)
    until(master.check_update_complete, updates)


client_ = Plugin().client()
flavors = sorted(client_.flavors.list(), key=lambda one: one.ram)
small, larger = [str(one.id) for one in flavors[:2]]
Plugin().validate_datastore('mariadb', '10.11', 'datastore_type', 'datastore_version')

master = Instance({
    'name': 'heat', 'flavor': small, 'size': 1, 'datastore_type': 'mariadb', 'datastore_version': '10.11',
    'databases': [{'name': 'shop', 'character_set': 'utf8mb4', 'collate': 'utf8mb4_general_ci'}],
    'users': [{'name': 'app', 'password': 'secret', 'databases': ['shop']}]})
until(master.check_create_complete, master.handle_create())
master.handle_check()
assert master._resolve_attribute('href').endswith(master.resource_id)

slave = Instance({'name': 'heat-slave', 'flavor': small, 'size': 1, 'replica_of': master.resource_id})
until(slave.check_create_complete, slave.handle_create())
until(slave.check_delete_complete, slave.handle_delete())

# (Its change of a name calls what Debian's troveclient has no more.)
changed(flavor=larger)
changed(size=2)
changed(databases=[{'name': 'shop'}, {'name': 'more'}])
# (With a password it asks for the instance's host name, which a Trove without DNS does not have either; what it revokes it
# names as a list, in an address.)
changed(users=[{'name': 'app', 'databases': ['shop', 'more']}])
live = master.parse_live_resource_data(master.properties, client_.instances.get(master.resource_id).to_dict())
assert (live['name'], live['flavor'], live['size']) == ('heat', larger, 2), live
assert {one['name'] for one in live['databases']} == {'shop', 'more'}, live
assert [one.name for one in client_.users.list_access(master.resource_id, 'app')] == ['more', 'shop']

# Deleted in the middle of an update, which its stacks may be.
master.handle_update(None, None, {'size': 3})
master.check_update_complete({'size': 3})
until(master.check_delete_complete, master.handle_delete())
print('all is well')
