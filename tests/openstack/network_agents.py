#!/usr/bin/python3
"""Stands in for the network agent of each host: a port is only bound where one is alive, and becomes ACTIVE when one says so.

usage: network_agents.py HOST... -- --config-file neutron.conf --config-file ml2.ini
"""
import sys
import time

import eventlet
eventlet.monkey_patch()

from keystoneauth1 import loading, session  # noqa: E402
from neutron.agent import rpc as agent_rpc  # noqa: E402
from neutron.common import config as common_config  # noqa: E402
from neutron.conf.agent import common as agent_config  # noqa: E402
from neutron_lib import context  # noqa: E402
from neutron_lib.agent import topics  # noqa: E402
from oslo_config import cfg  # noqa: E402

split = sys.argv.index('--')
hosts = sys.argv[1:split]
agent_config.register_agent_state_opts_helper(cfg.CONF)
common_config.register_common_config_options()
common_config.init(sys.argv[split + 1:])
common_config.setup_logging()

# The service's own account, from its configuration.
loading.register_auth_conf_options(cfg.CONF, 'keystone_authtoken')
neutron = session.Session(auth=loading.load_auth_from_conf_options(cfg.CONF, 'keystone_authtoken'))

admin = context.get_admin_context_without_session()
plugin = agent_rpc.PluginApi(topics.PLUGIN)
reports = agent_rpc.PluginReportStateAPI(topics.REPORTS)
# A report that goes out before Neutron listens is lost; the default waits a minute for its answer, and no port is bound until then.
cfg.CONF.set_override('rpc_response_timeout', 5)


def report(host, first):
    state = {
        'binary': 'neutron-linuxbridge-agent', 'host': host, 'agent_type': 'Linux bridge agent', 'topic': 'N/A',
        'configurations': {'bridge_mappings': {}, 'interface_mappings': {'provider': 'lo'}, 'tunnel_types': ['vxlan'],
                           'tunneling_ip': '127.0.0.1', 'l2_population': False, 'devices': 0, 'extensions': []}}
    if first:
        state['start_flag'] = True
    reports.report_state(admin, state, use_call=True)


def bring_up():
    down = neutron.get('/v2.0/ports?status=DOWN', endpoint_filter={'service_type': 'network'}).json()['ports']
    for host in hosts:
        devices = ['tap' + port['id'][:11] for port in down
                   if port.get('binding:host_id') == host and port.get('binding:vif_type') == 'bridge' and port['admin_state_up']]
        if devices:
            plugin.get_devices_details_list(admin, devices, 'lab-' + host, host)
            plugin.update_device_list(admin, devices, [], 'lab-' + host, host)


first, last = True, 0
while True:
    try:
        if time.time() - last > 10:
            for host in hosts:
                report(host, first)
            first, last = False, time.time()
        bring_up()
    except Exception as failure:  # the services come and go during the tests
        print(type(failure).__name__, failure, flush=True)
    time.sleep(1)
