# shellcheck shell=bash
# Writes the services' configuration files. Sourced by up.sh, never run.

configure_all() {
  mkdir -p "$ETC"/{keystone,placement,glance,nova,neutron,cinder} "$VAR"/{keystone/fernet,keystone/credential,glance/images,glance/staging,glance/tmp} \
    "$VAR"/{nova/lock,nova/instances,neutron/lock,cinder/export,cinder/mnt,cinder/lock,cinder/conversion}
  configure_keystone >"$ETC/keystone/keystone.conf"
  configure_placement >"$ETC/placement/placement.conf"
  configure_glance >"$ETC/glance/glance-api.conf"
  { configure_nova && configure_nova_databases; } >"$ETC/nova/nova.conf"
  cp /etc/nova/api-paste.ini "$ETC/nova/"
  local host
  for host in "${HOSTS[@]}"; do
    # A compute service must not see a database.
    configure_nova "$host" >"$ETC/nova/nova-compute-$host.conf"
  done
  if [[ -n $DISK ]]; then configure_guests; fi
  configure_neutron >"$ETC/neutron/neutron.conf"
  configure_neutron_plugin >"$ETC/neutron/ml2.ini"
  configure_cinder >"$ETC/cinder/cinder.conf"
  echo "$IP:$VAR/cinder/export" >"$ETC/cinder/shares"
}

configure_keystone() {
  cat <<X
[DEFAULT]
use_stderr = true
public_endpoint = http://$IP:$KEYSTONE
[database]
connection = $(database_url keystone)
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = $VAR/keystone/fernet
[credential]
key_repository = $VAR/keystone/credential
[cache]
enabled = true
backend = dogpile.cache.memcached
memcache_servers = $IP:$MEMCACHED
[identity]
password_hash_rounds = 4
X
}

configure_placement() {
  cat <<X
[DEFAULT]
use_stderr = true
[api]
auth_strategy = keystone
[placement_database]
connection = $(database_url placement)
$(token_check placement)
X
}

configure_glance() {
  cat <<X
[DEFAULT]
use_stderr = true
bind_host = $IP
bind_port = $GLANCE
workers = 1
enabled_backends = file:file
node_staging_uri = file://$VAR/glance/staging
public_endpoint = http://$IP:$GLANCE
[database]
connection = $(database_url glance)
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = $VAR/glance/images
[os_glance_staging_store]
filesystem_store_datadir = $VAR/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir = $VAR/glance/tmp
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
[oslo_policy]
policy_dirs = /etc/glance/policy.d
$(token_check glance)
X
}

configure_nova() {
  cat <<X
[DEFAULT]
$(common_options)
host = ${1:-controller}
my_ip = $IP
state_path = $VAR/nova
instances_path = $VAR/nova/instances
enabled_apis = osapi_compute
osapi_compute_listen = $IP
osapi_compute_listen_port = $NOVA
osapi_compute_workers = 2
compute_driver = fake.FakeDriver
cpu_allocation_ratio = 16.0
ram_allocation_ratio = 4.0
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
allow_resize_to_same_host = true
rootwrap_config = /etc/nova/rootwrap.conf
[wsgi]
api_paste_config = $ETC/nova/api-paste.ini
[api]
auth_strategy = keystone
$(token_check nova)
[service_user]
send_service_user_token = true
$(credentials nova)
[placement]
$(credentials placement)
[glance]
api_servers = http://$IP:$GLANCE
[neutron]
$(credentials neutron)
[cinder]
os_region_name = RegionOne
catalog_info = volumev3:cinder:publicURL
$(credentials cinder)
[oslo_concurrency]
lock_path = $VAR/nova/lock
[conductor]
workers = 1
[scheduler]
workers = 1
discover_hosts_in_cells_interval = 3
[quota]
instances = -1
cores = -1
ram = -1
server_groups = -1
server_group_members = -1
[vnc]
enabled = false
X
}

configure_nova_databases() {
  cat <<X
[api_database]
connection = $(database_url nova_api)
[database]
connection = $(database_url nova)
X
}

configure_neutron() {
  cat <<X
[DEFAULT]
$(common_options)
host = controller
bind_host = $IP
bind_port = $NEUTRON
core_plugin = ml2
service_plugins = router
auth_strategy = keystone
api_paste_config = /etc/neutron/api-paste.ini
state_path = $VAR/neutron
api_workers = 1
rpc_workers = 1
rpc_state_report_workers = 0
notify_nova_on_port_status_changes = true
notify_nova_on_port_data_changes = true
global_physnet_mtu = 1500
[experimental]
linuxbridge = true
[database]
connection = $(database_url neutron)
$(token_check neutron)
[nova]
$(credentials nova)
[oslo_concurrency]
lock_path = $VAR/neutron/lock
[oslo_policy]
policy_dirs = /etc/neutron/policy.d
[agent]
root_helper =
[quotas]
default_quota = -1
quota_network = -1
quota_subnet = -1
quota_port = -1
quota_router = -1
quota_floatingip = -1
quota_security_group = -1
quota_security_group_rule = -1
X
}

configure_neutron_plugin() {
  cat <<X
[ml2]
type_drivers = flat,vxlan,local
tenant_network_types = vxlan
mechanism_drivers = linuxbridge
extension_drivers = port_security
[ml2_type_flat]
flat_networks = provider,guests
[ml2_type_vxlan]
vni_ranges = 1:1000
[securitygroup]
enable_security_group = true
firewall_driver = iptables
enable_ipset = true
X
}

configure_cinder() {
  cat <<X
[DEFAULT]
$(common_options)
host = controller
my_ip = $IP
auth_strategy = keystone
state_path = $VAR/cinder
api_paste_config = /etc/cinder/api-paste.ini
osapi_volume_listen = $IP
osapi_volume_listen_port = $CINDER
osapi_volume_workers = 1
rootwrap_config = /etc/cinder/rootwrap.conf
resource_query_filters_file = /etc/cinder/resource_filters.json
image_conversion_dir = $VAR/cinder/conversion
glance_api_servers = http://$IP:$GLANCE
enabled_backends = lab
default_volume_type = lab
quota_volumes = -1
quota_gigabytes = -1
quota_snapshots = -1
[lab]
volume_driver = lab_volumes.LabVolumes
volume_backend_name = lab
nfs_shares_config = $ETC/cinder/shares
nfs_mount_point_base = $VAR/cinder/mnt
nfs_sparsed_volumes = true
nas_secure_file_operations = false
nas_secure_file_permissions = false
[database]
connection = $(database_url cinder)
$(token_check cinder)
[service_user]
send_service_user_token = true
$(credentials cinder)
[nova]
$(credentials nova)
[oslo_concurrency]
lock_path = $VAR/cinder/lock
[oslo_policy]
policy_dirs = /etc/cinder/policy.d
# Without sudo, which would take our PATH away.
[privsep_osbrick]
helper_command = privsep-helper --config-file $ETC/cinder/cinder.conf
[cinder_sys_admin]
helper_command = privsep-helper --config-file $ETC/cinder/cinder.conf
X
}
