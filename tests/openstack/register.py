#!/usr/bin/python3
"""Roles, the service project, and for each service its account and endpoints. May be repeated.

usage: register.py IDENTITY_URL PASSWORD NAME=TYPE=URL...
"""
import sys

from keystoneauth1 import session
from keystoneauth1.identity import v3
from keystoneclient.v3 import client

url, password, services = sys.argv[1], sys.argv[2], [argument.split('=', 2) for argument in sys.argv[3:]]
login = v3.Password(auth_url=url, username='admin', password=password, project_name='admin',
                    user_domain_name='Default', project_domain_name='Default')
keystone = client.Client(session=session.Session(login), endpoint_override=url)


def ensure(existing, make, **wanted):
    for one in existing:
        if all(getattr(one, name, None) == value for name, value in wanted.items()):
            return one
    return make()


project = ensure(keystone.projects.list(domain='default'), lambda: keystone.projects.create('service', 'default'), name='service')
roles = {name: ensure(keystone.roles.list(), lambda: keystone.roles.create(name), name=name)
         for name in ('admin', 'service', 'member', 'reader')}
for name, kind, endpoint in services:
    user = ensure(keystone.users.list(domain='default'),
                  lambda: keystone.users.create(name, domain='default', password=password), name=name)
    for role in ('admin', 'service'):
        keystone.roles.grant(roles[role], user=user, project=project)
    service = ensure(keystone.services.list(), lambda: keystone.services.create(name=name, type=kind), name=name, type=kind)
    have = {one.interface for one in keystone.endpoints.list(service=service)}
    for interface in {'public', 'internal', 'admin'} - have:
        keystone.endpoints.create(service, endpoint, interface=interface, region='RegionOne')
