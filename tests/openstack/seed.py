#!/usr/bin/python3
"""Waits until servers can be made, and makes what every cloud has: flavors, an image, networks, volume types, a project with an account.

May be repeated.
"""
import argparse
import json
import time

from keystoneauth1 import adapter, session
from keystoneauth1.identity import v3

options = argparse.ArgumentParser(description=__doc__)
options.add_argument('url', help='Keystone')
options.add_argument('password')
options.add_argument('file', help='is written for the tests')
options.add_argument('hosts', nargs='+')
options.add_argument('--guests', nargs=3, metavar=('DISK', 'SUBNET', 'GATEWAY'), help='the image of real guests, and their network')
options = options.parse_args()
url, password, hosts = options.url, options.password, options.hosts
BEGAN = time.time()


def login(user, project):
    return session.Session(v3.Password(auth_url=url, username=user, password=password, project_name=project,
                                       user_domain_name='Default', project_domain_name='Default'))


admin = login('admin', 'admin')


def service(kind, of=admin, **options):
    return adapter.Adapter(of, service_type=kind, **options)


identity, compute, image = service('identity'), service('compute', default_microversion='2.90'), service('image')
network, volume = service('network'), service('volumev3', default_microversion='3.59')


def ensure(of, path, plural, singular, body, key='name'):
    for one in of.get(path).json()[plural]:
        if one[key] == body[key]:
            return one
    return of.post(path.split('?')[0].removesuffix('/detail'), json={singular: body}).json()[singular]


def until(what, condition):
    failure = None
    while time.time() - BEGAN < 240:
        try:
            if condition():
                return
        except Exception as e:
            failure = e
        time.sleep(0.5)
    raise SystemExit('Not in time: %s (%s)' % (what, failure))


def is_fresh(host):
    # A heartbeat since this start. The detailed list of hypervisors would ask each over the broker, and hang while one starts.
    return any(one['host'] == host and one['binary'] == 'nova-compute' and one['state'] == 'up'
               and time.mktime(time.strptime((one['updated_at'] or '2000-01-01T00:00:00')[:19], '%Y-%m-%dT%H:%M:%S')) - time.timezone > BEGAN - 60
               for one in compute.get('/os-services').json()['services'])


project = ensure(identity, '/projects', 'projects', 'project', {'name': 'dbaas', 'domain_id': 'default'})
user = ensure(identity, '/users', 'users', 'user', {'name': 'dbaas', 'domain_id': 'default', 'password': password})
role = next(one for one in identity.get('/roles').json()['roles'] if one['name'] == 'member')
identity.put('/projects/%s/users/%s/roles/%s' % (project['id'], user['id'], role['id']))

for name, ram, cpus in (('small', 512, 1), ('medium', 1024, 2), ('too-large', 4000000, 2)):
    ensure(compute, '/flavors/detail', 'flavors', 'flavor', {'id': name, 'name': name, 'ram': ram, 'vcpus': cpus, 'disk': 3})

# Two of one name: the newer one is meant.
for name, tags in (('guest-old', ['dbaas-guest']), ('guest', ['dbaas-guest', 'mariadb'])):
    found = [one for one in image.get('/v2/images?name=' + name).json()['images'] if one['status'] == 'active']
    if not found:
        made = image.post('/v2/images', json={'name': name, 'disk_format': 'raw', 'container_format': 'bare', 'visibility': 'public', 'tags': tags}).json()
        image.put('/v2/images/%s/file' % made['id'], data=b'\0' * 1024, headers={'Content-Type': 'application/octet-stream'})

until('Neutron answers', lambda: network.get('/v2.0/networks').ok)
outside = ensure(network, '/v2.0/networks', 'networks', 'network', {
    'name': 'outside', 'router:external': True, 'provider:network_type': 'flat', 'provider:physical_network': 'provider'})
ensure(network, '/v2.0/subnets', 'subnets', 'subnet', {
    'name': 'outside', 'network_id': outside['id'], 'cidr': '203.0.113.0/24', 'ip_version': 4, 'enable_dhcp': False})

# Networks of the project itself, made by it.
own = service('network', login('dbaas', 'dbaas'))
router = ensure(own, '/v2.0/routers', 'routers', 'router', {'name': 'edge', 'external_gateway_info': {'network_id': outside['id']}})
for number, name in enumerate(('users', 'management')):
    made = ensure(own, '/v2.0/networks?project_id=' + project['id'], 'networks', 'network', {'name': name})
    subnet = ensure(own, '/v2.0/subnets?project_id=' + project['id'], 'subnets', 'subnet', {
        'name': name, 'network_id': made['id'], 'cidr': '10.9%d.0.0/24' % number, 'ip_version': 4, 'enable_dhcp': False})
    if name == 'users' and not own.get('/v2.0/ports?device_id=%s&network_id=%s' % (router['id'], made['id'])).json()['ports']:
        own.put('/v2.0/routers/%s/add_router_interface' % router['id'], json={'subnet_id': subnet['id']})

if options.guests:
    disk, cidr, gateway = options.guests
    made = image.post('/v2/images', json={'name': 'real', 'disk_format': 'qcow2', 'container_format': 'bare', 'visibility': 'public', 'tags': ['dbaas-guest']}).json()
    with open(disk, 'rb') as content:
        image.put('/v2/images/%s/file' % made['id'], data=content, headers={'Content-Type': 'application/octet-stream'})
    made = ensure(network, '/v2.0/networks', 'networks', 'network', {
        'name': 'guests', 'shared': True, 'provider:network_type': 'flat', 'provider:physical_network': 'guests'})
    ensure(network, '/v2.0/subnets', 'subnets', 'subnet', {
        'name': 'guests', 'network_id': made['id'], 'cidr': cidr, 'gateway_ip': gateway, 'ip_version': 4})

kinds = {}
for name in ('lab', 'offline'):
    kinds[name] = ensure(volume, '/types', 'volume_types', 'volume_type', {'name': name, 'extra_specs': {'volume_backend_name': 'lab'}})

until('the volume service is up', lambda: any(
    one['binary'] == 'cinder-volume' and one['state'] == 'up' for one in volume.get('/os-services').json()['services']))
for host in hosts:
    until('%s is up' % host, lambda: is_fresh(host))
    # Without one no port is bound, and a server that finds no host for its port fails for good.
    until('the network agent of %s is up' % host, lambda: any(
        one['host'] == host and one['agent_type'] == 'Linux bridge agent' and one['alive'] for one in network.get('/v2.0/agents').json()['agents']))
until('every host is known to the scheduler', lambda: len(compute.get('/os-hypervisors').json()['hypervisors']) == len(hosts))

with open(options.file, 'w') as out:
    json.dump({'authUrl': url, 'password': password, 'region': 'RegionOne'}, out)
