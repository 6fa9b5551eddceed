# shellcheck shell=bash
# The host of real guests: Nova on libvirt (QEMU, translated), Neutron's agents for bridges and DHCP. Sourced by up.sh, never run. It is one of
# the machine's own: up.sh --guests runs in namespaces with a libvirt that ends with them, and takes nothing down itself.

# Where guests reach this machine, and it them: the host's end of the flat network.
GUEST_GATEWAY=10.95.0.1 GUEST_SUBNET=10.95.0.0/24

configure_guests() {
  mkdir -p "$VAR/neutron-guests/lock"
  cat >"$ETC/neutron/guests.ini" <<X
[DEFAULT]
host = ${HOSTS[0]}
state_path = $VAR/neutron-guests
interface_driver = linuxbridge
dhcp_driver = neutron.agent.linux.dhcp.Dnsmasq
enable_metadata_network = false
[oslo_concurrency]
lock_path = $VAR/neutron-guests/lock
[linux_bridge]
physical_interface_mappings = guests:lab-cable
[vxlan]
enable_vxlan = false
[agent]
polling_interval = 1
X
  cat >"$ETC/nova/guests.conf" <<X
[DEFAULT]
compute_driver = libvirt.LibvirtDriver
vif_plugging_is_fatal = true
vif_plugging_timeout = 120
force_raw_images = false
[libvirt]
virt_type = qemu
cpu_mode = none
connection_uri = qemu:///system
images_type = qcow2
inject_partition = -2
[nova_sys_admin]
helper_command = privsep-helper --config-file $ETC/nova/nova-compute-${HOSTS[0]}.conf
[privsep_osbrick]
helper_command = privsep-helper --config-file $ETC/nova/nova-compute-${HOSTS[0]}.conf
[vif_plug_linux_bridge_privileged]
helper_command = privsep-helper --config-file $ETC/nova/nova-compute-${HOSTS[0]}.conf
X
}

start_guest_network() {
  local options=(--config-file "$ETC/neutron/neutron.conf" --config-file "$ETC/neutron/ml2.ini" --config-file "$ETC/neutron/guests.ini")
  ip link add lab-host type veth peer name lab-cable
  ip address add "$GUEST_GATEWAY/${GUEST_SUBNET#*/}" dev lab-host
  ip link set lab-host up
  ip link set lab-cable up
  start neutron-linuxbridge-agent /usr/bin/neutron-linuxbridge-agent "${options[@]}"
  start neutron-dhcp-agent /usr/bin/neutron-dhcp-agent "${options[@]}"
}

start_guest_host() {
  PATH=$HERE/bin:$PATH start "nova-compute-${HOSTS[0]}" \
    /usr/bin/nova-compute --config-file "$ETC/nova/nova-compute-${HOSTS[0]}.conf" --config-file "$ETC/nova/guests.conf"
}
