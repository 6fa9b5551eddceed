"""What Horizon's panel calls: every function of its api/trove.py that is about instances, in the panel's order."""
import importlib
import os
import time

import django
from django.conf import settings
from keystoneauth1 import session
from keystoneauth1.identity import v3

ready = {
    name: value for module in ('horizon', 'openstack_auth', 'openstack_dashboard')
    for name, value in vars(importlib.import_module(f'{module}.defaults')).items() if name.isupper()}
settings.configure(**{
    **ready, 'OPENSTACK_KEYSTONE_URL': os.environ['OS_AUTH_URL'], 'USE_TZ': True, 'SECRET_KEY': 'of-no-use',
    'INSTALLED_APPS': ['django.contrib.contenttypes', 'django.contrib.auth'], 'INTEGRATION_TESTS_SUPPORT': False,
    'HORIZON_CONFIG': {}})
django.setup()

from troveclient.apiclient import exceptions  # noqa: E402
from trove_dashboard.api import trove  # noqa: E402

auth = v3.Password(
    auth_url=os.environ['OS_AUTH_URL'], username=os.environ['OS_USERNAME'], password=os.environ['OS_PASSWORD'],
    project_name=os.environ['OS_PROJECT_NAME'], user_domain_name='Default', project_domain_name='Default')
access = auth.get_access(session.Session())


class Token:
    id = access.auth_token


class User:
    token = Token()
    services_region = endpoint = 'RegionOne'
    service_catalog = access.service_catalog.catalog
    project_id = tenant_id = access.project_id
    available_services_regions = ['RegionOne']


class Request:
    """Of somebody who is logged in."""
    user = User()
    session = {}
    COOKIES = {}


request = Request()


def until(what, look):
    last = time.monotonic() + 300
    while not look():
        assert time.monotonic() < last, f'{what} is not so after five minutes'
        time.sleep(1)


def is_active(instance):
    found = trove.instance_get(request, instance)
    assert found.status != 'ERROR', found.to_dict()
    return found.status == 'ACTIVE' and found.operating_status == 'HEALTHY'


def is_gone(instance):
    try:
        trove.instance_get(request, instance)
    except exceptions.NotFound:
        return True
    return False


# The panels when there is nothing yet.
assert not [one for one in trove.instance_list_all(request) if one.name == 'panel']
trove.cluster_list(request)
trove.backup_list(request)
trove.backup_strategy_list(request)
assert [one.name for one in trove.datastore_list(request) if one.name == 'mariadb']
version = trove.datastore_version_list(request, 'mariadb')[0]

flavors = sorted(trove.troveclient(request).flavors.list(), key=lambda one: one.ram)
small, larger = [str(one.id) for one in flavors[:2]]

# The panel makes a group empty and fills it after.
group = trove.configuration_create(request, 'panel-group', '{}', datastore='mariadb', datastore_version=version.name)
assert [one.id for one in trove.configuration_list(request) if one.id == group.id]
assert trove.configuration_parameters_list(request, 'mariadb', version.name)
trove.configuration_update(request, group.id, '{"max_connect_errors": 77}')
assert trove.configuration_get(request, group.id).values['max_connect_errors'] == 77

master = trove.instance_create(
    request, 'panel', 1, flavor=small, databases=[{'name': 'shop'}],
    users=[{'name': 'app', 'password': 'secret', 'databases': [{'name': 'shop'}]}], datastore='mariadb',
    datastore_version=version.name).id
until('the instance is healthy', lambda: is_active(master))

trove.database_create(request, master, 'more', character_set='utf8mb4', collation='utf8mb4_general_ci')
assert {one.name for one in trove.database_list(request, master)} == {'shop', 'more'}
trove.user_create(request, master, 'eve', 'other', host='10.%', databases=[{'name': 'more'}])
trove.user_update_attributes(request, master, 'eve', host='10.%', new_name='eva', new_password='third', new_host='%')
trove.user_grant_access(request, master, 'eva', ['shop'])
assert {one.name for one in trove.user_list_access(request, master, 'eva')} == {'shop', 'more'}
trove.user_revoke_access(request, master, 'eva', 'more')
assert {one.name for one in trove.user_show_access(request, master, 'eva')} == {'shop'}
assert {one.name for one in trove.users_list(request, master)} == {'app', 'eva'}
trove.user_delete(request, master, 'eva')
trove.database_delete(request, master, 'more')

assert not trove.root_show(request, master).rootEnabled
name, password = trove.root_enable(request, [master])
assert name == 'root' and password
assert trove.root_show(request, master).rootEnabled
trove.root_disable(request, master)

trove.instance_attach_configuration(request, master, group.id)
until('the group is attached', lambda: is_active(master) and trove.instance_get(request, master).configuration['id'] == group.id)
assert [one.id for one in trove.configuration_instances(request, group.id)] == [master]
trove.instance_detach_configuration(request, master)
until('the group is detached', lambda: is_active(master) and not getattr(trove.instance_get(request, master), 'configuration', None))
trove.configuration_delete(request, group.id)

{log.name: log.status for log in trove.log_list(request, master)}
trove.instance_resize(request, master, larger)
until('the flavor is another', lambda: is_active(master) and str(trove.instance_get(request, master).flavor['id']) == larger)
trove.instance_resize_volume(request, master, 2)
until('the volume is larger', lambda: is_active(master) and trove.instance_get(request, master).volume['size'] == 2)
trove.instance_restart(request, master)
until('it is up again', lambda: is_active(master))

backup = trove.backup_create(request, 'panel-backup', master, description='of the panel').id
until('the backup is complete', lambda: trove.backup_get(request, backup).status == 'COMPLETED')
assert [one.id for one in trove.instance_backups(request, master)] == [backup]

slave = trove.instance_create(request, 'panel-slave', 0, replica_of=master, replica_count=1).id
until('the slave is healthy', lambda: is_active(slave))
assert trove.instance_get(request, slave).replica_of['id'] == master
trove.instance_detach_replica(request, slave)
until('the slave is on its own', lambda: is_active(slave) and not getattr(trove.instance_get(request, slave), 'replica_of', None))
restored = trove.instance_create(request, 'panel-restored', 2, flavor=larger, restore_point={'backupRef': backup}).id
until('the restored one is healthy', lambda: is_active(restored))
assert {one.name for one in trove.users_list(request, restored)} == {'app'}

trove.backup_delete(request, backup)
for instance in (slave, restored, master):
    trove.instance_delete(request, instance)
    until('it is gone', lambda: is_gone(instance))
print('all is well')
