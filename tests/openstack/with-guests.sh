#!/usr/bin/env bash
# with-guests.sh FOLDER DISK COMMAND…: runs the command beside a lab whose servers are real machines with DISK as their image. Started in namespaces
# and beside a libvirt of its own (see scripts/test-openstack.sh): with the last process everything is gone.
set -euo pipefail
folder=$1 disk=$2
shift 2

"$(dirname "${BASH_SOURCE[0]}")/up.sh" "$folder" --guests "$disk" >&2
"$@"
